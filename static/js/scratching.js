/** Scratching out: a scribble over ink that takes it away. */

import { cross } from "./rubbing.js";

const PASSES = 5; // a scribble goes to and fro at least so often
const SWING = 0.5; // of its length: a turn counts only after so much of a way
const TURNS = 8; // directions in which a scribble may go to and fro
const SHORTEST = 20; // paper pixels
const DENSE = 3.5; // its path is at least so many times its length
const MARGIN = 0.1; // of its size: what lies so near beside a scribble counts as under it
const STRIKES = [[0.7, 2], [0.55, 3], [0.4, 5], [0.3, 7]]; // share of a stroke that lies under it, and crossings: any of the pairs
const SWALLOWS = 0.85; // a stroke so far under a scribble that strikes another goes too: the bar of a 7 lies along it

/**
 * The strokes that `stroke` strikes out: it goes to and fro over them. Empty where it is ordinary ink.
 * @param {Stroke} stroke @param {readonly Stroke[]} strokes that stood before
 */
export function struckOut(stroke, strokes) {
  const scribble = oriented(stroke);
  if (!scribble) return [];
  const shares = strokes.map((other) => under(scribble, other));
  const struck = (other, i) => {
    if (other.x.length < 3) return shares[i] === 1; // a dot has nothing to cross
    const near = STRIKES.filter(([share]) => shares[i] >= share);
    const crossed = near.length > 0 ? crossings(stroke, other) : 0;
    return near.some(([, times]) => crossed >= times);
  };
  const found = strokes.filter(struck);
  return found.length > 0 ? strokes.filter((other, i) => found.includes(other) || shares[i] >= SWALLOWS) : [];
}

/** How much of the way of a stroke lies under a scribble, from 0 to 1. @param {object} scribble @param {Stroke} stroke */
function under({ turned, along, across }, { x, y }) {
  const inside = (value, [low, high]) => Math.max(low - value, value - high) <= MARGIN * (high - low);
  let [covered, whole] = [0, 0];
  x.forEach((_, i) => {
    const step = Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]) || 1e-6; // the first point counts where there is no other
    const place = turned(at({ x, y }, i));
    whole += step;
    if (inside(place.along, along) && inside(place.across, across)) covered += step;
  });
  return covered / whole;
}

/** A scribble in the axes of its to and fro; null for a movement that is none. @param {Stroke} stroke */
function oriented({ x, y }) {
  const path = x.reduce((sum, value, i) => sum + (i ? Math.hypot(value - x[i - 1], y[i] - y[i - 1]) : 0), 0);
  let best = null;
  for (let turn = 0; turn < TURNS; turn++) {
    const [cos, sin] = [Math.cos((turn * Math.PI) / TURNS), Math.sin((turn * Math.PI) / TURNS)];
    const turned = (place) => ({ along: place.x * cos + place.y * sin, across: place.y * cos - place.x * sin });
    const places = x.map((value, i) => turned({ x: value, y: y[i] }));
    const [along, across] = [span(places.map((place) => place.along)), span(places.map((place) => place.across))];
    const length = along[1] - along[0];
    if (length < SHORTEST || path < DENSE * length) continue;
    const count = passes(places, SWING * length);
    if (count >= PASSES && count > (best?.count ?? 0)) best = { turned, along, across, count };
  }
  return best;
}

/** How often a movement goes along its axis, to or fro. @param {{along: number}[]} places @param {number} swing */
function passes(places, swing) {
  let count = 0;
  let direction = 0;
  let turn = places[0].along; // the farthest place of the present way
  for (const { along } of places) {
    const way = Math.sign(along - turn);
    if (way === direction) turn = along;
    else if (Math.abs(along - turn) >= swing) {
      count++;
      direction = way;
      turn = along;
    }
  }
  return count;
}

/** @param {Stroke} one @param {Stroke} other */
function crossings(one, other) {
  let count = 0;
  for (let i = 1; i < one.x.length; i++) {
    for (let j = 1; j < other.x.length; j++) {
      if (cross(at(one, i - 1), at(one, i), at(other, j - 1), at(other, j))) count++;
    }
  }
  return count;
}

/** @param {Stroke} stroke @param {number} i @returns {Place} */
const at = ({ x, y }, i) => ({ x: x[i], y: y[i] });

/** @param {number[]} values @returns {[number, number]} */
const span = (values) => [Math.min(...values), Math.max(...values)];
