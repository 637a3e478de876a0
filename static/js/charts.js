/** A bar chart for each character, and a table that says the same. Chart.js is fetched when ink first appears. */

import { doubtful, nameOf, NOT_A_CHARACTER, percent } from "./confidence.js";
import { light, make, tone } from "./dom.js";

const LIBRARY = "../vendor/chart.js-4.6.1/chart.umd.min.js";
const BARS = 5;
const NONE = "none"; // the bar of "not a character"
const LABELS = 42; // CSS pixels for the names of the bars, alike in every chart so that all bars begin in line

/** @type {Promise<any> | null} */
let library = null;

/** Fetches Chart.js once; a failed fetch is tried again. @returns {Promise<any>} its constructor, null without */
export function loadCharts() {
  library ??= import(LIBRARY).then(() => globalThis.Chart, () => (library = null));
  return library ?? Promise.resolve(null);
}

/** Emits `hover` (detail: place or null) and `pick` (detail: place). */
export class Charts extends EventTarget {
  /** @type {{card: HTMLElement, canvas: HTMLCanvasElement, chart: any, glyph: Character}[]} */ #slots = [];
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {HTMLElement} grid its first content, the invitation, comes back when there is nothing to show */
  constructor(grid) {
    super();
    this.grid = grid;
    this.invitation = [...grid.children];
    addEventListener("themechange", () => this.#slots.forEach((slot) => this.#draw(slot)));
  }

  /** Tables in place of charts. @param {boolean} tables */
  set tables(tables) {
    this.grid.classList.toggle("tables", tables);
  }

  /** @param {Character[]} glyphs charts that stand are used again, the rest is destroyed */
  async show(glyphs) {
    for (const slot of this.#slots.splice(glyphs.length)) slot.chart?.destroy();
    this.#slots = glyphs.map((glyph, index) => this.#fill(this.#slots[index], glyph, index));
    this.grid.replaceChildren(...(glyphs.length > 0 ? this.#slots.map(({ card }) => card) : this.invitation));
    const slots = this.#slots;
    const Chart = glyphs.length > 0 ? await loadCharts() : null;
    if (slots !== this.#slots) return; // a newer answer came while the library was on its way
    this.grid.classList.toggle("without", glyphs.length > 0 && !Chart); // the tables stand in
    slots.forEach((slot) => this.#draw(slot, Chart));
  }

  /** @param {number | null} index the character looked at */
  light(index) {
    light(this.#slots.map(({ card }) => card), (place) => place === index);
  }

  /** @param {object | undefined} slot @param {Character} glyph @param {number} index  */
  #fill(slot, glyph, index) {
    const card = slot?.card ?? make("article", {});
    const canvas = slot?.canvas ?? make("canvas", { role: "img" });
    const name = nameOf(glyph);
    card.className = `panel chart ${tone(index)}${doubtful(glyph) ? " doubtful" : ""}`;
    canvas.setAttribute("aria-label", `Bar chart of the confidence in ${name}; the table after it holds the numbers`);
    const rows = glyph.alternatives.slice(0, BARS).map(({ char, confidence }) =>
      make("tr", {}, make("th", { scope: "row" }, char ?? NOT_A_CHARACTER), make("td", {}, percent(confidence))));
    const head = make("tr", {}, make("th", { scope: "col" }, "Character"), make("th", { scope: "col" }, "Confidence"));
    card.replaceChildren(
      this.#heading(glyph, index),
      make("div", { class: "plot" }, canvas),
      make("table", {}, make("caption", { class: "visually-hidden" }, `Character ${index + 1}: ${name}`),
        make("thead", {}, head), make("tbody", {}, ...rows)));
    if (!slot) {
      card.addEventListener("pointerenter", () => this.#emit("hover", index));
      card.addEventListener("pointerleave", () => this.#emit("hover", null));
      card.addEventListener("focusin", () => this.#emit("hover", index));
      card.addEventListener("focusout", () => this.#emit("hover", null));
    }
    return { card, canvas, chart: slot?.chart ?? null, glyph };
  }

  /** The character, which opens its repair, what the model saw of it, and how sure that is. @param {Character} glyph @param {number} index */
  #heading(glyph, index) {
    const name = nameOf(glyph);
    const value = glyph.typed ? "by you" : percent(glyph.confidence);
    const button = make("button", { type: "button", class: glyph.char === null ? "name words" : "name", "aria-label": `${name}, ${value}: change it`, "aria-haspopup": "dialog" }, name);
    button.addEventListener("click", () => this.#emit("pick", index));
    const saw = `What the model saw of ${name}`;
    const picture = glyph.picture ? [make("img", { class: "saw", src: glyph.picture, alt: saw, title: saw, width: 40, height: 40 })] : [];
    return make("h3", {}, button, ...picture, make("span", { class: "value" }, value));
  }

  /** @param {string} type @param {number | null} detail */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @param {object} slot @param {any} [Chart] the library, for a slot without a chart */
  #draw(slot, Chart = null) {
    if (!slot.chart && !Chart) return;
    const bars = slot.glyph.alternatives.slice(0, BARS);
    const style = getComputedStyle(slot.card);
    const data = {
      labels: Array.from({ length: BARS }, (_, row) => (bars[row] ? bars[row].char ?? NONE : "")),
      datasets: [{
        data: bars.map(({ confidence }) => confidence * 100),
        backgroundColor: style.getPropertyValue("--tone").trim(),
        borderRadius: 4,
        barPercentage: 0.72,
        categoryPercentage: 1,
        minBarLength: 2,
      }],
    };
    const options = look(style, this.#calm.matches);
    if (slot.chart) {
      Object.assign(slot.chart, { data, options });
      slot.chart.update();
    } else {
      slot.chart = new Chart(slot.canvas, { type: "bar", data, options, plugins: [figures] });
    }
  }
}

/**
 * The options of every chart: lying bars on a fixed axis from 0 to 100 %, in the page's colours.
 * @param {CSSStyleDeclaration} style of the card
 * @param {boolean} calm without motion
 */
function look(style, calm) {
  const [color, inside, line] = ["--quiet", "--panel", "--rule"].map((name) => style.getPropertyValue(name).trim());
  const font = { family: style.fontFamily, size: 12 };
  const big = { ...font, size: 14, weight: 600 };
  const percents = (value) => (value === 50 ? "" : `${value}%`);
  const fontOf = ({ tick }) => (tick?.label === NONE ? font : big);
  return {
    indexAxis: "y",
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    animation: calm ? false : { duration: 300 },
    layout: { padding: { right: 12 } },
    plugins: {
      legend: { display: false },
      tooltip: { enabled: false },
      figures: { color, inside, font: `12px ${style.fontFamily}` },
    },
    scales: {
      x: {
        min: 0,
        max: 100,
        ticks: { color, font, stepSize: 50, maxRotation: 0, autoSkip: false, callback: percents },
        grid: { color: line },
        border: { display: false },
      },
      y: {
        afterFit: (axis) => (axis.width = LABELS),
        ticks: { color, autoSkip: false, padding: 6, font: fontOf },
        grid: { display: false, drawTicks: false },
        border: { display: false },
      },
    },
  };
}

/** A Chart.js plugin: writes each bar's figure at its end, inside a bar longer than half. */
const figures = {
  id: "figures",
  /** @param {any} chart @param {unknown} _event @param {{color: string, inside: string, font: string}} look */
  afterDatasetsDraw(chart, _event, { color, inside, font }) {
    const { ctx: context } = chart;
    context.save();
    Object.assign(context, { font, textBaseline: "middle" });
    chart.getDatasetMeta(0).data.forEach((bar, row) => {
      const value = chart.data.datasets[0].data[row];
      const long = value > 50;
      Object.assign(context, { fillStyle: long ? inside : color, textAlign: long ? "right" : "left" });
      context.fillText(percent(value / 100), bar.x + (long ? -6 : 5), bar.y);
    });
    context.restore();
  },
};
