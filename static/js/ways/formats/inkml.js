/** W3C InkML: x and y in pixels, t in milliseconds, and the force of a pen. */

import { checked, Unreadable } from "./sheet.js";
import { parsed } from "./xml.js";

const NAMESPACE = "http://www.w3.org/2003/InkML";
const MILLISECONDS = /** @type {Record<string, number>} */ ({ ms: 1, s: 1000, us: 0.001, ns: 1e-6 });

/** @param {import("./sheet.js").Sheet} sheet with times */
export function toInkml({ strokes, width, height }) {
  const traces = strokes.map(({ x, y, t, p }) => {
    const points = x.map((_, i) => [x[i], y[i], t?.[i] ?? 0, ...(p ? [p[i]] : [])].join(" "));
    return `  <trace>${points.join(", ")}</trace>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<ink xmlns="${NAMESPACE}">
  <context>
    <traceFormat>
      <channel name="X" type="decimal" units="px"/>
      <channel name="Y" type="decimal" units="px"/>
      <channel name="T" type="decimal" units="ms"/>
      <intermittentChannels><channel name="F" type="decimal"/></intermittentChannels>
    </traceFormat>
  </context>
  <annotation type="width">${width}</annotation>
  <annotation type="height">${height}</annotation>
${traces.join("\n")}
</ink>
`;
}

/** @param {string} text @returns {import("./sheet.js").Sheet} @throws {Unreadable} */
export function fromInkml(text) {
  const ink = parsed(text, "ink", "InkML");
  const channels = channelsOf(ink);
  const traces = [...ink.getElementsByTagNameNS("*", "trace")].filter((trace) => trace.getAttribute("type") !== "penUp");
  return checked({
    strokes: traces.map((trace, index) => columns(trace.textContent ?? "", channels, index)),
    width: annotated(ink, "width"),
    height: annotated(ink, "height"),
  });
}

/** @param {Document} ink @param {string} type */
function annotated(ink, type) {
  const all = [...ink.getElementsByTagNameNS("*", "annotation")];
  return Number(all.find((one) => one.getAttribute("type") === type)?.textContent ?? NaN);
}

/** The channels of a point, in their order. @param {Document} ink @returns {{name: string, unit: number}[]} */
function channelsOf(ink) {
  const format = ink.getElementsByTagNameNS("*", "traceFormat")[0];
  const found = [...(format?.getElementsByTagNameNS("*", "channel") ?? [])].map((channel) => {
    const name = channel.getAttribute("name") ?? "";
    return { name, unit: name === "T" ? MILLISECONDS[channel.getAttribute("units") ?? "ms"] ?? 1 : 1 };
  });
  if (found.length === 0) return [{ name: "X", unit: 1 }, { name: "Y", unit: 1 }];
  if (!["X", "Y"].every((axis) => found.some(({ name }) => name === axis))) {
    throw new Unreadable("Its points have no X and Y.");
  }
  return found;
}

/** @param {string} text of one trace @param {{name: string, unit: number}[]} channels @param {number} index */
function columns(text, channels, index) {
  /** @type {Record<string, number[]>} */ const read = {};
  const state = channels.map(() => ({ mode: "!", value: 0, speed: 0 }));
  const points = text.split(",").map((point) => point.trim()).filter(Boolean);
  for (const point of points) {
    // A value may be led by ! (as it is), ' (a step) or " (a change of the step), which then holds for its channel.
    const values = point.match(/[!'"]?\s*(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|\*|[TF])|\S/g) ?? [];
    values.slice(0, channels.length).forEach((token, i) => {
      const { name, unit } = channels[i];
      (read[name] ??= []).push(next(state[i], token, index) * unit);
    });
  }
  const { X: x = [], Y: y = [], T: t, F: p } = read;
  // a force that some points lack is none
  return { x, y, ...(t && { t }), ...(p?.length === x.length && p.every((force) => force <= 1) && { p }) };
}

/** @param {{mode: string, value: number, speed: number}} state @param {string} token @param {number} index */
function next(state, token, index) {
  if (/^[!'"]/.test(token)) state.mode = token[0];
  const rest = token.replace(/^[!'"]\s*/, "");
  if (rest === "*") {
    if (state.mode !== "!") state.value += state.speed;
    return state.value;
  }
  const number = rest === "T" || rest === "F" ? Number(rest === "T") : Number(rest);
  if (rest === "" || !Number.isFinite(number)) {
    throw new Unreadable(`Trace ${index + 1} holds “${token}” where a number belongs.`);
  }
  if (state.mode === "!") [state.speed, state.value] = [0, number];
  else {
    state.speed = state.mode === "'" ? number : state.speed + number;
    state.value += state.speed;
  }
  return state.value;
}
