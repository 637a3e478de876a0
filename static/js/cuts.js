/** Which ink belongs to which character. */

/** @param {readonly Stroke[]} strokes @returns {Part[]} all of each */
export const whole = (strokes) => strokes.map((stroke) => ({ stroke, begin: 0, end: stroke.x.length }));

/** @param {readonly Part[]} one @param {readonly Part[]} other */
export function sameParts(one, other) {
  return one.length === other.length
    && one.every((part, i) => part.stroke === other[i].stroke && part.begin === other[i].begin && part.end === other[i].end);
}

/** The strokes that are in no group. @param {readonly Stroke[]} strokes @param {readonly Group[]} groups */
export function uncovered(strokes, groups) {
  const covered = new Set(groups.flatMap(({ parts }) => parts.map(({ stroke }) => stroke)));
  return new Set(strokes.filter((stroke) => !covered.has(stroke)));
}

/**
 * The ink of one glyph of an answer.
 * @param {Glyph} glyph @param {Glyph[]} glyphs all of the answer @param {readonly Part[]} pieces that were asked about
 * @returns {Part[]} in the order of drawing
 */
export function partsOf(glyph, glyphs, pieces) {
  const spans = glyph.parts ?? glyph.strokes.flatMap((stroke) => shares(stroke, glyph, glyphs, pieces));
  return spans
    .filter(({ stroke }) => pieces[stroke])
    .map(({ stroke: index, begin, end }) => {
      const { stroke, begin: first } = pieces[index];
      return { stroke, begin: first + begin, end: first + end };
    });
}

/**
 * Which points of a stroke sent as a picture are a glyph's: those nearest to its box among the glyphs that share it.
 * @param {number} index @param {Glyph} glyph @param {Glyph[]} glyphs @param {readonly Part[]} pieces
 */
function shares(index, glyph, glyphs, pieces) {
  const { stroke, begin, end } = pieces[index] ?? { begin: 0, end: 0 };
  const owners = glyphs.filter(({ strokes }) => strokes.includes(index));
  if (!stroke || owners.length < 2) return [{ stroke: index, begin: 0, end: end - begin }];
  const spans = [];
  for (let i = 0; i < end - begin; i++) {
    const [x, y] = [stroke.x[begin + i], stroke.y[begin + i]];
    const nearest = owners.reduce((best, other) => (distance(other.box, x, y) < distance(best.box, x, y) ? other : best));
    if (nearest !== glyph) continue;
    const last = spans.at(-1);
    if (last?.end === i) last.end = i + 1;
    else spans.push({ stroke: index, begin: i, end: i + 1 });
  }
  return spans;
}

/** How far a place is outside a box; inside, how far from its middle, as less than nothing. @param {Box} box @param {number} x @param {number} y */
function distance({ x: left, y: top, width, height }, x, y) {
  const outside = Math.hypot(Math.max(left - x, 0, x - left - width), Math.max(top - y, 0, y - top - height));
  return outside || Math.abs(x - left - width / 2) / (width || 1) - 1;
}

/**
 * Groups with the strokes that came later: each goes where the reader's own cut puts it.
 * @param {readonly Group[]} groups @param {{parts: readonly Part[]}[]} own the reader's cut, in reading order
 * @param {Set<Stroke>} free @returns {Group[]} in reading order
 */
export function gathered(groups, own, free) {
  const merged = groups.map((group) => ({ ...group }));
  const added = [];
  for (const { parts } of own) {
    const loose = parts.filter(({ stroke }) => free.has(stroke));
    if (loose.length === 0) continue;
    const shared = merged.map((group) => overlap(group.parts, parts));
    const most = shared.indexOf(Math.max(...shared));
    if (shared[most] > 0) merged[most] = { parts: [...merged[most].parts, ...loose], char: null }; // its ink has changed
    else added.push({ parts: loose, char: null });
  }
  const place = (group) => own.findIndex(({ parts }) => overlap(parts, group.parts) > 0);
  return [...merged, ...added]
    .map((group) => ({ group, at: place(group) }))
    .sort((one, other) => one.at - other.at)
    .map(({ group }) => group);
}

/** How many points two lists of parts share. @param {readonly Part[]} one @param {readonly Part[]} other */
function overlap(one, other) {
  let points = 0;
  for (const a of one) {
    for (const b of other) {
      if (a.stroke === b.stroke) points += Math.max(0, Math.min(a.end, b.end) - Math.max(a.begin, b.begin));
    }
  }
  return points;
}
