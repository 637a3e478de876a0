# %% [markdown]
# # What a net learns from
#
# Before any net there is data, and most mistakes are made here. This notebook looks at the pictures of EMNIST and at
# ink, the pen's own way: how they lie, which classes there are, who wrote them, which pictures stand on both sides of
# an exam, and how well anyone could do at all.
#
# EMNIST (Cohen et al. 2017) and MNIST come from NIST Special Database 19, the ink from UNIPEN (Guyon et al. 1994, CC BY
# 4.0), Pen-Based Digits (Alpaydin and Alimoglu 1998, CC BY 4.0) and Omniglot (Lake et al. 2015, MIT). All numbers are
# printed by the cells; the words around them name none.

# %%
from collections import Counter, defaultdict

import numpy as np
from look import DATA, at_most, commonest, figure, percent, plot, sheet, show, table

from model.reading.alphabet import CLASSES
from model.reading.classify import Classifier
from model.reading.ink import Box
from model.reading.normalize import SIDE, draw, normalize
from model.training.data import MERGED, as_float, by_split, characters, load_ink, load_pool_labels, render
from model.training.datasets.registry import DATASETS
from model.training.evaluation.figures import Measuring, Share
from model.training.evaluation.sets import SharedFolder
from model.training.hands import hands
from model.training.inkdata import is_validation
from scripts.figures import draw_ink

# %% [markdown]
# ## Which way is up
#
# A picture is a grid of numbers: nothing where there is paper, the most where there is ink. EMNIST's official files
# hold each picture column by column, so read row by row it lies on its side and is mirrored. Above: right. Below: the
# same bytes read the naive way.

# %%
pool = np.load(DATA / "emnist" / "emnist_pool.npz")
images, label62, split = pool["images"], pool["label62"], pool["split"]
test = np.flatnonzero((split == 2) & (label62 >= 0))
some = test[np.random.default_rng(3).permutation(len(test))[:12]]
upright, naive = images[some], images[some].transpose(0, 2, 1)
names = [CLASSES[c] for c in label62[some]]
show(sheet([*upright, *naive], [*names, *names]), "Twelve characters upright, and below them turned and mirrored")
print("turned in the official files:", ", ".join(name for name, dataset in DATASETS.items() if dataset.turned))

# %% [markdown]
# A person sees that at once. A training run does not: it learns turned pictures quite as well, reports a fine accuracy,
# and then fails on every upright drawing. Our net, which knows upright ones, shows how far apart the two are.

# %%
classifier = Classifier.load()
chosen = test[np.random.default_rng(4).permutation(len(test))[: at_most(2000)]]


def right(pictures, labels):
    """The share of pictures, shape (n, 28, 28), uint8, whose best class is the label."""
    normalized = np.stack([normalize(picture) for picture in pictures])
    return Share.of(classifier.classify(normalized).log_p.argmax(axis=1) == labels)


for way, pictures in (("upright", images[chosen]), ("turned", np.ascontiguousarray(images[chosen].transpose(0, 2, 1)))):
    share = right(pictures, label62[chosen])
    print(f"{way}: {percent(share)} of {share.n:,} read right in 62 classes")

# %% [markdown]
# ## From a pen's way to a picture
#
# The browser and the phone send no pictures of this kind but the way of the pen. So ink is made to look like EMNIST:
# drawn with a pen of EMNIST's thickness, scaled until its longer side has twenty pixels, and moved until its centre of
# mass lies in the middle of the grid. The same code does it in training and in reading; where the two differ, even a
# little, accuracy is lost that no training brings back.

# %%
samples = load_ink(DATA / "ink", ["unipen_isolated", "pendigits_orig", "omniglot_latin"])
sample = next(s for s in samples if s.text in ("5", "S") and len(s.ink.strokes) > 1)
large = draw(sample.glyph_paths(0))
drawn = figure(7, 2.4)
for axes, title in zip(drawn.subplots(1, 3), ("ink: the pen's way", "drawn", "as the net sees it"), strict=True):
    axes.set_title(title)
    axes.set_axis_off()
draw_ink(drawn.axes[0], sample.ink, {0: "tab:blue", 1: "tab:orange"})
drawn.axes[1].imshow(large, cmap="gray_r")
drawn.axes[2].imshow(normalize(large), cmap="gray_r", vmin=0, vmax=1)
show(drawn, "A character as two coloured lines, as a smooth drawing, and as 28 by 28 grey squares")
print(f"{sum(map(len, sample.glyph_paths(0)))} points → {large.shape[1]}×{large.shape[0]} pixels → {SIDE}×{SIDE}")

# %% [markdown]
# Thickness matters more than one would think. Mean ink says how much of the grid is covered. Ours should lie where
# EMNIST's does; the pens are drawn at random so that no single thickness is learned.

# %%
glyphs = characters(samples)
picked = [glyphs[i] for i in np.random.default_rng(0).permutation(len(glyphs))[: at_most(1500)]]
ink = render(picked, np.random.default_rng(0)).images
emnist = np.stack([np.uint8(255 * normalize(image)) for image in images[chosen]])
drawn, axes = plot(9, 2)
for name, pictures in (("EMNIST", emnist), ("ink, drawn", ink)):
    cover = as_float(pictures).mean(axis=(1, 2))
    axes.hist(cover, np.linspace(0, 0.4, 51), density=True, histtype="step", linewidth=1.8, label=name)
    low, high = np.percentile(cover, (25, 75))
    print(f"{name}: mean ink {cover.mean():.3f}, half of all between {low:.3f} and {high:.3f}")
axes.set(xlabel="mean ink of a picture", ylabel="density")
axes.legend()
show(drawn, "Histograms of mean ink; the two lie on top of each other")

# %% [markdown]
# ## Classes, and how well they are known
#
# EMNIST has digits, capitals and small letters. But whoever labelled them could not always say which case a letter had,
# and some of its splits *merge* the cases of letters that look the same in both. An official split of merged classes
# tells less than one of all of them, so each picture of the pool carries whatever is known about it, and the loss of
# our training asks no more: where `c` or `C` is right, any of the two may share the probability.

# %%
print("47 classes:", " ".join(DATASETS["emnist-balanced"].classes))
known = load_pool_labels(DATA / "emnist" / "emnist_pool.npz", 0)
table(
    ("classes that a training picture may have", "pictures"),
    [(count, f"{pictures:,}") for count, pictures in sorted(Counter(known.sum(axis=1).tolist()).items())],
)

# %%
drawn, axes = plot(9, 2.2)
sure = known[known.sum(axis=1) == 1].sum(axis=0)
of_ink = np.bincount([CLASSES.index(g.char) for g in glyphs], minlength=len(CLASSES))
at = np.arange(len(CLASSES))
axes.bar(at - 0.2, sure, 0.4, label="EMNIST, class known for sure")
axes.bar(at + 0.2, of_ink, 0.4, label="ink")
axes.set(yscale="log", ylabel="glyphs", xmargin=0.01)
axes.set_xticks(at, CLASSES)
axes.legend(fontsize=7)
show(drawn, "Bars: how many glyphs of each class; digits are many, some small letters few")
print(f"EMNIST: {sure.max():,} of the commonest class, {sure[sure > 0].min():,} of the rarest")

# %% [markdown]
# Classes come very unevenly, and a net soon learns that: shown a ring, it says `0`, as that came most. What is common
# in a *dataset* need not be common in *drawings*. So the frequencies are added inside the loss and taken away in
# reading (logit adjustment, Menon et al. 2021), and what is added instead is how often each class comes in real
# writing.

# %% [markdown]
# ## Writers
#
# Ink says who held the pen. People differ more from each other than from themselves: here is one letter by ten of them,
# two examples each.

# %%
people = hands(glyphs)
letter = next(c for c in "g20" if sum(len(hand.get(c, ())) > 1 for hand in people.values()) > 1)
writers = [writer for writer, hand in sorted(people.items()) if len(hand.get(letter, ())) > 1][:10]
pairs = [normalize(draw(people[writer][letter][k])) for k in (0, 1) for writer in writers]
titles = [f"writer {i + 1}" for i in range(len(writers))]
show(
    sheet(pairs, [*titles, *titles], len(writers)),
    "One letter by several writers, two examples of each below each other",
)
print(f"{len(people)} writers, {len(glyphs):,} glyphs")

# %% [markdown]
# This is why a test on random glyphs flatters. Let the simplest reader there is, the nearest neighbour, read digits of
# ink. Once it knows other digits of the same writers, once it has never seen the writer. The pictures it looks among
# are as many each time.

# %%
digits = [g for g in glyphs if g.char.isdigit()]
order = np.random.default_rng(5).permutation(len(digits))
new = [digits[i] for i in order if is_validation(digits[i].writer)]
old = [digits[i] for i in order if not is_validation(digits[i].writer)]
own = new[len(new) // 2 :]


def flat(some):
    """Pictures as rows of length 1."""
    rows = np.stack([normalize(draw(g.paths)).ravel() for g in some])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


asked = new[: at_most(800)][: len(new) // 2]
for name, among in (("who were seen before", own), ("who are new", old)):
    among = among[: at_most(len(own))]
    nearest = (flat(asked) @ flat(among).T).argmax(axis=1)
    share = Share.of(
        np.array([among[k].char == g.char for k, g in zip(nearest, asked, strict=True)]),
        np.array([g.writer for g in asked]),
    )
    print(f"writers {name}: {percent(share)} of {share.n} digits right, {len(among):,} to look among")

# %% [markdown]
# So one writer in eight is set aside, by a hash of the name: a writer falls on the same side in every file, in every
# run, for good. All figures about ink in this project are of those writers, and their brackets are over writers too:
# glyphs of one hand are right or wrong together.

# %%
trained, held_out = by_split(samples)
table(
    ("ink", "drawings", "writers"),
    [(name, f"{len(s):,}", len({x.writer for x in s})) for name, s in (("trains", trained), ("validates", held_out))],
)

# %% [markdown]
# ## The same picture on both sides
#
# EMNIST's official splits were each drawn from the same images, on their own. By-class parts *all* of them in two,
# train and test. So where the pictures of any other test are not in by-class test, they are in by-class train, and a
# net trained there has seen the answers. The table counts: of the pictures of each official half that the pool has, how
# many are in the by-class and by-merge tests too.

# %%
flags = [str(flag) for flag in pool["flags"]]
holds = pool["membership"][:, None] >> np.arange(len(flags)) & 1
columns = [flag for flag in ("byclass_test", "bymerge_test") if flag in flags]
rows = [
    (flag, f"{int(inside.sum()):,}", *(f"{holds[inside][:, flags.index(c)].mean():.1%}" for c in columns))
    for flag, inside in zip(flags, holds.T.astype(bool), strict=True)
]
table(("official half", "pictures in the pool", *(f"of them in {c}" for c in columns)), rows)

# %% [markdown]
# The pool has not every row of every file, so these shares are a little low, but the lesson is plain: all but a small
# part of the official "digits" or "balanced" test stands in by-class train. A fine figure there means nothing for a net
# that was trained on by-class. The pool's own `split` takes every test picture out of training, by its bytes, and so
# does `python -m model train` with the official files (`model/training/datasets/overlap.py`).

# %%
sides = defaultdict(set)
for image, side in zip(images, split, strict=True):
    sides[image.tobytes()].add(int(side))
on_both = sum(len(s) > 1 for s in sides.values())
print(f"{len(images):,} pictures, {len(sides):,} different; on more than one side of the pool's split: {on_both}")

# %% [markdown]
# ## The label ceiling
#
# How well can anyone do? Here are rings from the test set, up to four of each kind. Which are `0`, which `O`, which
# `o`? Guess before you look at the row of answers below.

# %%
rng = np.random.default_rng(8)
rings = np.concatenate([rng.permutation(test[label62[test] == CLASSES.index(c)])[:4] for c in "0Oo"])
rings = rng.permutation(rings)
show(sheet(images[rings], ["?"] * len(rings)), "Twelve rings")
print("they are:", " ".join(CLASSES[label62[i]] for i in rings))

# %% [markdown]
# What the shipped net does on test pictures, in classes that grow together: all of them, EMNIST's merged ones, any
# case, and any case with digits and letters of one shape taken as one. Nothing about the net changes from row to row,
# only what is asked.

# %%
result = Measuring(classifier).result(next(SharedFolder(DATA, ["byclass"], at_most(6000)).sets()))
LOOK_ALIKES = {
    **{c: c.lower() for c in CLASSES},
    "0": "o",
    "1": "i",
    "l": "i",
    "L": "i",
    "5": "s",
    "2": "z",
    "9": "q",
    "g": "q",
}


def same(group):
    """The share of answers that fall in the same group as the truth; `group` names the group of each class."""
    groups = np.array([group(c) for c in result.labels])
    return Share.of(groups[result.answer] == groups[result.truth])


asks = {
    "all 62 classes": lambda c: c,
    "47, merged as EMNIST does": lambda c: str(MERGED[c].nonzero()[0]),
    "36, any case": str.lower,
    "any case, look-alikes as one": lambda c: LOOK_ALIKES[c],
}
table(("asked", "right"), [(name, percent(same(group))) for name, group in asks.items()])

# %%
pairs = Counter()
for truth, answer in zip(result.truth, result.answer, strict=True):
    if truth != answer:
        pairs[" ".join(sorted((result.labels[truth], result.labels[answer])))] += 1
show(commonest(pairs, 25, 2.2, 7, "errors"), "Bars: the pairs that are most often taken for each other")
errors = sum(pairs.values())
alike = sum(count for pair, count in pairs.items() if LOOK_ALIKES[pair[0]] == LOOK_ALIKES[pair[-1]])
print(f"{errors:,} errors of {len(result.truth):,}; {alike / max(errors, 1):.0%} between characters of one shape")

# %% [markdown]
# Most of what is left is not the net's to know. A larger net does not help: the picture of a `c` *is* a picture of a
# `C`, once both are blown up to twenty pixels. What tells them apart was thrown away on the way. It was their size, and
# a whole word still has it. Here are letters whose two cases look alike, in real words: how tall each is, in heights of
# the tallest glyph of its word.

# %%
ALIKE = "cosuvwxz"
tall = {"small": [], "capital": []}
for word in load_ink(DATA / "ink", ["unipen_words"]):
    boxes = [Box.around(np.concatenate(word.glyph_paths(i))) for i in range(len(word.groups))]
    highest = max(max(box.height for box in boxes), 1e-6)
    if word.text.isalpha() and word.text != word.text.upper() and any(c.lower() not in ALIKE for c in word.text):
        for (char, _), box in zip(word.groups, boxes, strict=True):
            if char.lower() in ALIKE:
                tall["small" if char.islower() else "capital"].append(box.height / highest)
drawn, axes = plot(9, 2)
for case, heights in tall.items():
    weights = np.full(len(heights), 100 / max(len(heights), 1))
    axes.hist(heights, np.linspace(0, 1, 31), weights=weights, alpha=0.6, label=f"{case} letters")
    if heights:
        print(f"{case}: n {len(heights):,}, middle {np.median(heights):.2f}")
axes.set(xlabel="height, in heights of the tallest glyph of the word", ylabel="% of the case")
axes.legend()
show(drawn, "Histograms of heights: capitals are tall, small letters are not, with little overlap")

# %% [markdown]
# That is why this project reads whole drawings: size, place on the line, neighbours and words settle what no picture of
# one glyph can (`model/reading/line.py`, `model/reading/language.py`). How a drawing is cut into glyphs is the next
# question but one: `03-segmentation`.
#
# ## Try it
#
# - Read MNIST's official file with `python -m model data mnist --picture samples.png`. Is it turned?
# - In the neighbour experiment, let each writer's own digits be only two of a kind. How many does it take until knowing
#   the writer pays?
# - Add a look-alike pair of your own to `LOOK_ALIKES`. How much of the ceiling does it lift?
