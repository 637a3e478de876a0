# %% [markdown]
# # Where one character ends and the next begins
#
# A drawing arrives as strokes: the pen touches down, moves, and lifts. Nobody says which strokes belong together. This
# notebook looks at real handwriting, tries the simple rules one would think of first, sees where they break, and then
# walks through what the reader does instead: it lists every cut that may be right and lets them compete.
#
# The ink is UNIPEN's (Guyon et al. 1994, CC BY 4.0), Omniglot's (Lake et al. 2015, MIT) and iinkTS's (Apache-2.0).
# CROHME is counted and not shown, as its licence asks for more. All numbers are printed by the cells; the words around
# them name none.

# %%
import json
import lzma
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
from look import DATA, at_most, drawings, percent, plot, show, table
from scipy.sparse.csgraph import connected_components

from model.benchmarks.suites import SUITES, load_suite
from model.benchmarks.tally import Outcome, touches
from model.benchmarks.tally import figures as measured
from model.explaining.explanation import PARTS, explain
from model.reading.ink import Box, Ink
from model.reading.layout import line_height
from model.reading.proximity import Proximity
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.training.composition import composed_numbers
from model.training.data import by_split, characters, load_ink
from model.training.evaluation.figures import Share
from model.training.forms import as_image
from model.training.inkdata import ink_sample, true_cut
from model.training.writing import Style
from scripts.figures import draw_cuts, draw_fragments, draw_lattice

# %% [markdown]
# ## What people draw
#
# Numbers and words, with a colour for each character that the writer meant. The colours are the truth that the data
# comes with; the reader has to find them.

# %%
numbers = load_suite(DATA / "ink", SUITES["unipen-numbers"], None)
words = load_suite(DATA / "ink", SUITES["unipen-words"], None)
some = [*numbers[:: max(1, len(numbers) // 6)][:6], *words[:: max(1, len(words) // 6)][:6]]
show(drawings(some, [sample.text for sample in some]), "Twelve drawings, each character in a colour of its own")

# %% [markdown]
# If every character were one stroke there would be nothing to do. Here is how often a character takes more than one.

# %%
glyphs = characters(load_ink(DATA / "ink", ["unipen_isolated", "pendigits_orig"]))
several = {c: [len(g.paths) > 1 for g in glyphs if g.char == c] for c in sorted({g.char for g in glyphs})}
drawn, axes = plot(9, 2.2)
axes.bar(list(several), [100 * np.mean(v) for v in several.values()], color="tab:blue")
axes.set(ylabel="more than one stroke, %", xmargin=0.01)
show(drawn, "Bars: for each character how often it has more than one stroke")
digits = np.concatenate([several[c] for c in several if c.isdigit()])
letters = np.concatenate([several[c] for c in several if c.isalpha()])
print(
    f"more than one stroke: {digits.mean():.0%} of {len(digits):,} digits, "
    f"{letters.mean():.0%} of {len(letters):,} letters"
)

# %% [markdown]
# ## Do pauses tell?
#
# Perhaps people rest longer between characters than within one. Where the ink has times we can look. `order` is a
# stroke's place in all that the writer did: where it jumps, something was drawn in between, so that pause means nothing
# and is left out. (Where a file counts the ways of the lifted pen too, strokes that follow each other are two apart.)


# %%
def timed(name):
    """(sample, order) of each drawing of a file whose strokes all have times."""
    with lzma.open(DATA / "ink" / f"{name}.jsonl.xz", "rt") as lines:
        for row in map(json.loads, lines):
            sample = ink_sample(row)
            if all(stroke.end is not None for stroke in sample.ink.strokes):
                yield sample, row.get("order", range(len(sample.ink.strokes)))


def pauses(sample, order):
    """(pause before it in ms, whether both are of one glyph) of each stroke but the first."""
    owner = {s: g for g, (_, strokes) in enumerate(sample.groups) for s in strokes}
    usual = min(np.diff(order), default=1)
    for (i, before), (j, after) in pairwise(enumerate(sample.ink.strokes)):
        if order[j] - order[i] == usual <= 2 and i in owner and j in owner:
            yield after.start - before.end, owner[i] == owner[j]


# %%
FILES = "omniglot_latin", "unipen_isolated", "unipen_words", "unipen_numbers_only", "iinkts_words"
found = {name: [pause for drawing in timed(name) for pause in pauses(*drawing)] for name in FILES}
rows = []
for name, of_file in found.items():
    for inside, where in ((True, "within a character"), (False, "between characters")):
        lasting = [ms for ms, same in of_file if same == inside]
        if lasting:
            rows.append((name, where, len(lasting), *(f"{v:.0f}" for v in np.percentile(lasting, (5, 50, 95)))))
table(("file", "pause", "n", "5 % are below, ms", "half, ms", "95 %, ms"), rows)

# %%
drawn, axes = plot(9, 2.4)
kinds = (
    ("in words, within a character", FILES[2:], True),
    ("in words, between characters", FILES[2:], False),
    ("single characters, within", FILES[:2], True),
)
for label, files, inside in kinds:
    lasting = [max(ms, 1) for name in files for ms, same in found[name] if same == inside]
    bins = np.geomspace(10, 10_000, 25)
    axes.hist(
        lasting, bins, weights=np.full(len(lasting), 100 / len(lasting)), histtype="step", linewidth=1.8, label=label
    )
axes.set(xscale="log", xlabel="pause, ms", ylabel="% of its kind")
axes.legend()
show(drawn, "Histograms of pauses; those within characters and between them lie over each other")

# %% [markdown]
# They overlap, and who draws with what moves a pause further than what it stands for. To be fair to the idea, take the
# one threshold that does best in hindsight on these very drawings:


# %%
def by_pause(sample, threshold):
    """The cut that begins a new glyph at each pause of more than `threshold` ms."""
    strokes = sample.ink.strokes
    begins = [0] + [i for i in range(1, len(strokes)) if strokes[i].start - strokes[i - 1].end > threshold]
    return Counter(frozenset(range(a, b)) for a, b in pairwise([*begins, len(strokes)]))


strings = [sample for name in FILES[2:] for sample, _ in timed(name) if len(sample.groups) > 1]
tried = {ms: np.array([by_pause(s, ms) == true_cut(s) for s in strings]) for ms in range(0, 1000, 10)}
best = max(tried, key=lambda ms: tried[ms].mean())
print(f"{len(strings)} timed words and numbers; best threshold {best} ms: {percent(Share.of(tried[best]))} cut right")
recognizer = Recognizer.load()
cuts = [Counter(frozenset(g.strokes) for g in recognizer.read(s.ink, Options("alphanumeric")).glyphs) for s in strings]
print(
    "the reader of this project: "
    f"{percent(Share.of(np.array([c == true_cut(s) for c, s in zip(cuts, strings, strict=True)])))}"
)

# %% [markdown]
# ## Do gaps tell?
#
# The empty width between two neighbouring characters, in heights of the drawing. Below zero they stand over each other.


# %%
def gaps(samples):
    """Empty width between each two neighbours over the height of the drawing."""
    for sample in samples:
        boxes = [Box.around(np.concatenate(sample.glyph_paths(i))) for i in range(len(sample.groups))]
        height = Box.over(boxes).height
        yield from ((b.x - a.right) / height for a, b in pairwise(boxes))


drawn, axes = plot(9, 2.2)
for name, samples in (("numbers", numbers), ("words", words)):
    wide = np.array(list(gaps(samples)))
    axes.hist(wide, np.linspace(-0.5, 1, 61), density=True, alpha=0.6, label=name)
    print(
        f"{name}: {len(wide):,} gaps, {np.mean(wide < 0):.0%} below zero; "
        f"5, 50, 95 %: {np.percentile(wide, (5, 50, 95)).round(2)}"
    )
axes.axvline(0, color="0.3", linewidth=1)
axes.set(xlabel="gap, heights", ylabel="density")
axes.legend()
show(drawn, "Histograms of gaps in numbers and words; both reach below zero")

# %% [markdown]
# ## Simple rules
#
# Three rules that need no learning. `Proximity` is the reader's own measure of how strokes lie: which share of the
# narrower one's width stands over the other, and how far apart their ink is. Strokes that a rule joins, and those
# joined to these, are one glyph.

# %%
RULES = {
    "one stroke is one glyph": lambda proximity: np.eye(len(proximity.shared)),
    "ink that touches": lambda proximity: proximity.distance < 0.05,
    "strokes over each other": lambda proximity: proximity.shared > 0.3,
}


def by_rule(sample, rule):
    """The cut that a rule makes."""
    strokes = sample.ink.strokes
    _, owner = connected_components(rule(Proximity.of(strokes, line_height(strokes))))
    return Counter(frozenset(np.flatnonzero(owner == g).tolist()) for g in set(owner.tolist()))


# %%
crohme = load_suite(DATA / "ink", SUITES["crohme-numbers"], None)
sets = {"UNIPEN numbers": numbers, "CROHME numbers": crohme, "UNIPEN words, new writers": words}
cut = {
    (rule, name): Share.of(
        np.array([by_rule(s, joined) == true_cut(s) for s in samples]), np.array([s.writer for s in samples])
    )
    for rule, joined in RULES.items()
    for name, samples in sets.items()
}
table(("rule", *sets), [(rule, *(percent(cut[rule, name]) for name in sets)) for rule in RULES])

# %% [markdown]
# Brackets hold intervals that 95 of 100 such measurements would be inside of, over writers: drawings of one hand are
# right or wrong together.
#
# The drawings that the last rule cuts wrong show why no rule of this kind will do: a bar that reaches over the next
# digit, two letters that stand under each other, an i whose dot flew off.

# %%
rule = RULES["strokes over each other"]
wrong = [sample for sample in (*numbers, *words) if by_rule(sample, rule) != true_cut(sample)][::7][:8]
captions = [f"{s.text}: {len(by_rule(s, rule))} instead of {len(s.groups)}" for s in wrong]
if wrong:
    show(drawings(wrong, captions), "Drawings that the rule cuts into too many or too few glyphs")

# %% [markdown]
# ## Let the cuts compete
#
# The reader decides nothing at first. Every group of up to four neighbouring strokes becomes a *hypothesis*. Each is
# drawn the way that the classifier knows characters, and the classifier says what it would be, and how sure it is that
# it is a character at all. "A glyph" is that second answer: it is trained on halves of characters, on neighbours taken
# for one, and on scribbles. Framed are the hypotheses that were read in the end.

# %%
thorough = Recognizer.load(thorough=True)  # looks at every hypothesis; otherwise half of them are given up early
traces = [thorough.trace(sample.ink, Options(alphabet="digits")) for sample in numbers]
right = [t for t, s in zip(traces, numbers, strict=True) if t.reading.text == s.text]
several = [t for t in right if 5 <= t.cuts.primitives <= 8 and t.cuts.primitives > len(t.decoded.best)]
trace = (several or right)[0]
print(f"read as {trace.reading.text}: {trace.cuts.primitives} strokes, {len(trace.cuts.hypotheses)} hypotheses")
show(draw_cuts(trace), "The strokes of a number, and under them each hypothesis as the classifier saw it")

# %% [markdown]
# ## The lattice
#
# A reading is a way from the first stroke to the last that uses each stroke once. Every hypothesis is an arc with a
# score; two small networks (`model/reading/joins.py`) give it from what the classifier said, how the strokes lie, and
# when they were drawn. The way with the best sum wins. A beam search finds it: at each stroke only the dozen best
# beginnings are kept.

# %%
show(
    draw_lattice(trace), "Arcs over the strokes, each with its likeliest digit and its score; the way that won is blue"
)

# %% [markdown]
# Are the scores any good? Take all hypotheses of all numbers. True ones should have high scores, false ones low, and
# where both are high the sum along the way has to decide.


# %%
def scored(trace, sample):
    """(score, whether it is a true glyph) of each hypothesis; drawings with torn strokes are left out."""
    if len(trace.ink.strokes) == len(sample.ink.strokes):
        truth = true_cut(sample)
        edges = trace.decoded.readers[0].lattice.edges
        yield from ((edge, frozenset(h.strokes) in truth) for edge, h in zip(edges, trace.cuts.hypotheses, strict=True))


pairs = [pair for trace, sample in zip(traces, numbers, strict=True) for pair in scored(trace, sample)]
scores, true = np.array([score for score, _ in pairs]), np.array([is_true for _, is_true in pairs])
drawn, axes = plot(9, 2.2)
for of, label in ((true, "true glyphs"), (~true, "other groups of strokes")):
    axes.hist(np.clip(scores[of], -40, 15), np.linspace(-40, 15, 56), density=True, alpha=0.6, label=label)
axes.set(xlabel="score of a hypothesis, log units", ylabel="density")
axes.legend()
show(drawn, "Histograms of scores: those of true glyphs lie to the right, with some overlap")
middle = np.median(scores[true])
print(
    f"{true.sum():,} true and {(~true).sum():,} false; "
    f"{np.mean(scores[~true] > middle):.1%} of the false ones beat the middle true one"
)

# %% [markdown]
# ## Why this and not that?
#
# Scores are sums, so every decision can be taken apart. Here is the closest call among the numbers that were read
# right: the answer, the best rival that cuts the ink otherwise, and what each part of the score says about it. Above
# zero speaks for the answer.

# %%
explained = [explain(trace) for trace in right]
rivals = [
    (r.lead, i) for i, e in enumerate(explained) for r in e.rivals if r.way.path.hypotheses != e.answer.path.hypotheses
]
lead, chosen = min(rivals)
rival = next(r for r in explained[chosen].rivals if r.lead == lead)
show(drawings([right[chosen].ink], [f"read as {right[chosen].reading.text}, rival {rival.text}"], 1), "The drawing")
table(("part", "for the answer"), [(PARTS[row.part].name, f"{row.difference:+.2f}") for row in rival.rows])
print(f"in all {lead:+.2f}; such a lead is a chance of {1 / (1 + np.exp(-lead)):.1%} against this rival alone")

# %% [markdown]
# ## What times are worth
#
# Space does most of the work. Do pauses help where space is torn? Numbers whose digits all touch, composed by our own
# code of single digits of writers that no training saw: once with times, once without, once as a flat picture in which
# no strokes are left at all. The pauses are drawn from the medians of real ones (`model/training/pace.py`), so this
# says what such pauses are worth, not what every writer's are. Where brackets overlap, so few drawings do not settle
# it.

# %%
held_out = characters(by_split(load_ink(DATA / "ink"))[1])
touching = composed_numbers(held_out, at_most(200), np.random.default_rng(1), style=Style(touching=True))


def untimed(ink):
    """The same strokes without times."""
    return Ink(tuple(replace(stroke, start=None, end=None) for stroke in ink.strokes))


def outcomes(samples, form=lambda ink: ink, alphabet="digits"):
    """How samples are read when they come in some form."""
    for sample in samples:
        read = recognizer.trace(form(sample.ink), Options(alphabet=alphabet))
        yield Outcome.of(sample, touches(sample), read, form is as_image, 0.0)


rows = []
for name, form in (("with times", lambda ink: ink), ("without times", untimed), ("flat picture", as_image)):
    read = list(outcomes(touching, form))
    shares = [Share.of(np.array(v)) for v in ([o.cut_right for o in read], [o.exact for o in read])]
    rows.append((name, len(read), *map(percent, shares)))
table(("touching numbers", "n", "cut right", "read right"), rows)

# %% [markdown]
# In the flat picture the reader cannot ask for strokes. It takes the ink apart where lines end or cross, and the same
# lattice puts the fragments together. (Of flat pictures "cut right" only counts the glyphs, as there are no strokes to
# compare.)

# %%
flat = [recognizer.trace(as_image(sample.ink), Options(alphabet="digits")) for sample in touching[:20]]
shown = next((t for t, s in zip(flat, touching, strict=False) if t.reading.text == s.text), flat[0])
show(draw_fragments(shown), "A flat picture of a touching number: its fragments, and the glyphs found among them")

# %% [markdown]
# ## Where it is lost
#
# Three questions, one after the other: is the true cut among the hypotheses at all, does the lattice choose it, and are
# then the characters right? The step with the largest fall is where work pays.

# %%
rows = []
for name, samples in sets.items():
    row = measured(list(outcomes(samples, alphabet="letters" if samples is words else "digits")))
    rows.append((name, row["n"], *(f"{row[key]:.1%}" for key in ("lattice", "cut", "any_case", "exact"))))
table(("set", "n", "true cut offered", "chosen", "text right, any case", "text right"), rows)

# %% [markdown]
# ## Try it
#
# - Change the two limits in `RULES`. How much can a rule gain, and does the best limit for numbers suit words?
# - Draw a number yourself, save it as JSON from the page, and see its lattice: `python -m model read yours.json
#   --explain why.html`.
# - In `by_pause`, measure pauses in units of the writer's own median pause. Does that help? (The reader does just that:
#   `Proximity.lift`.)
