# %% [markdown]
# # From a weighted sum to our net
#
# One step at a time: the simplest classifier there is, then a hidden layer, convolutions, normalization, shortcuts.
# Each is trained by the same recipe on the same few pictures, so that what is added is all that changes. Then the same
# for the ways to vary pictures, for a recurrent net beside a plain one, and for the number of pictures.
#
# Everything here is small, to fit into a quarter of an hour on one core: figures are far below what the nets reach in
# the end, and a difference inside the brackets is none. EMNIST (Cohen et al. 2017) comes from NIST Special Database 19.
# All numbers are printed by the cells; the words around them name none.

# %%
import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from look import DATA, at_most, figure, percent, plot, sheet, show, table

from model.reading.classify import Classifier
from model.training import augment
from model.training.architectures import ARCHITECTURES, Architecture, build, load
from model.training.architectures.parts import block, standardize
from model.training.data import as_float
from model.training.evaluation.figures import Share
from model.training.evaluation.intervals import wilson
from model.training.recipe import Recipe
from model.training.sources import load_sources, load_test
from model.training.study import study

# %% [markdown]
# ## A small pool
#
# Training reads an EMNIST pool; here a thinned one. Which pictures train, validate and test stays as it was.

# %%
scratch = TemporaryDirectory()
SMALL, RUNS = Path(scratch.name) / "data", Path(scratch.name) / "runs"
(SMALL / "emnist").mkdir(parents=True)


def thinned(counts):
    """Writes a pool of so many pictures of each split; of the test those that `load_test` takes."""
    with np.load(DATA / "emnist" / "emnist_pool.npz") as pool:
        arrays = dict(pool)
    split, bit = arrays["split"], list(arrays["flags"]).index("byclass_test")
    tested = (arrays["membership"] >> bit & 1).astype(bool) & (arrays["position"][:, bit] % 10 == 3)
    rng = np.random.default_rng(0)
    rows = [rng.permutation(np.flatnonzero((split == s) & (tested | (s < 2))))[:n] for s, n in enumerate(counts)]
    keep = np.sort(np.concatenate(rows))
    some = {name: a[keep] if a.shape[:1] == split.shape else a for name, a in arrays.items()}
    np.savez(SMALL / "emnist" / "emnist_pool.npz", **some)


thinned((at_most(16_000), at_most(1000), at_most(3000)))
BASE = Recipe(
    images=at_most(64_000),
    batch=64,
    optimizer="adam",
    rate=0.002,
    averaging=0.99,
    ink_share=0,
    junk_share=0,
    augmented=False,
)
tf.config.run_functions_eagerly(BASE.steps < 10)  # for a handful of steps it does not pay to compile a net
test = load_test(SMALL, BASE)
mixture, validation = load_sources(SMALL, BASE)
print(f"train {mixture.epoch:,}, validate {len(validation.sets[0].glyphs):,}, test {len(test.glyphs):,}")
print(f"each run sees {BASE.images:,} pictures")

# %% [markdown]
# ## Step by step
#
# An architecture of this project is a function from a picture to *features*; the last layer, which all have in common,
# weighs the features into one score a class. So a linear model is an architecture without any features but the pixels,
# and each further step is a few lines.


# %%
def linear(image, _):
    """The pixels themselves."""
    return layers.Flatten()(standardize(image))


def hidden(image, _):
    """Weighted sums of all pixels, cut off at zero."""
    return layers.Dense(128, activation="relu")(linear(image, None))


def convolutions(image, _):
    """Weighted sums of neighbours, the same everywhere, three times; then the mean over the picture."""
    x = standardize(image)
    for channels, size, stride in ((16, 5, 2), (32, 3, 1), (64, 3, 2)):
        x = layers.Conv2D(channels, size, strides=stride, padding="same", activation="relu")(x)
    return layers.GlobalAveragePooling2D()(x)


def normalized(image, _):
    """The same with batch normalization behind each convolution."""
    x = block(block(block(standardize(image), 16, 5, stride=2), 32), 64, stride=2)
    return layers.GlobalAveragePooling2D()(x)


for made in (linear, hidden, convolutions, normalized):
    ARCHITECTURES[made.__name__] = Architecture(made.__doc__, made)
STEPS = {
    "linear": "pixels, weighed",
    "hidden": "a hidden layer",
    "convolutions": "three convolutions instead",
    "normalized": "batch normalization",
    "xs": "shortcuts around pairs of convolutions",
}


# %%
def trained(name, recipe):
    """Trains one net and says what came of it."""
    return next(study(SMALL, RUNS, {name: recipe}))


def read_right(share):
    """A share of the test set with its interval."""
    n = len(test.glyphs)
    return percent(Share(share, wilson(round(share * n), n), n))


COLUMNS = "parameters", "MMAC", "processor s", "test, read right in 47 classes"


def row(found):
    """The cells of `COLUMNS`."""
    return f"{found.parameters:,}", f"{found.mmac:.1f}", f"{found.seconds:.0f}", read_right(found.test)


steps = {name: trained(name, replace(BASE, architecture=name)) for name in STEPS}
table(("net", "what is new", *COLUMNS), [(name, STEPS[name], *row(found)) for name, found in steps.items()])

# %% [markdown]
# MMAC are millions of multiply-accumulates for one picture, which is about what reading it costs.
#
# How they got there: errors on the validation set while training went on. A net whose line is still falling would go on
# learning.


# %%
def curves(names, title):
    """Errors on validation over the pictures seen."""
    drawn, axes = plot(7, 2.8)
    for name in names:
        history = json.loads((RUNS / name.replace(", ", "-").replace(" ", "-") / "history.json").read_text())
        axes.plot([row["images"] for row in history], [100 * (1 - row["emnist"]) for row in history], "o-", label=name)
    axes.set(xlabel="pictures seen", ylabel="errors on validation, %", yscale="log", title=title)
    axes.legend(fontsize=7)
    show(drawn, f"Learning curves: {title}")


curves(STEPS, "one step at a time")

# %% [markdown]
# ## What they look for
#
# A linear model can be looked at whole: its weights for a class are a picture. Where it is red, ink speaks for the
# class, where it is blue, against it. It knows one blurred template a class, and everyone who writes otherwise is
# misread.

# %%
weights = load(RUNS / "linear" / "model.keras").layers[-1].get_weights()[0]
drawn = figure(9, 1.2)
for digit, axes in enumerate(drawn.subplots(1, 10)):
    axes.imshow(
        weights[:, digit].reshape(28, 28), cmap="RdBu_r", vmin=-abs(weights).max() / 2, vmax=abs(weights).max() / 2
    )
    axes.set_title(str(digit), fontsize=8)
    axes.set_axis_off()
show(drawn, "Ten pictures in red and blue, the linear model's templates of the digits")

# %% [markdown]
# A convolution's weights are small and the same all over the picture. It cannot know a whole digit, but it finds edges
# and ends wherever they lie. Below, one character and what the sixteen first filters of `xs` make of it.

# %%
net = load(RUNS / "xs" / "model.keras")
first = next(layer for layer in net.layers if isinstance(layer, layers.ReLU))
glyph = test.glyphs.images[:1]
answers = keras.Model(net.input, first.output)(as_float(glyph)[..., None])[0]
maps = [np.asarray(answers[..., k]) / max(float(np.max(answers)), 1e-6) for k in range(16)]
show(sheet([as_float(glyph)[0]], ["seen"], 16), "A character")
show(
    sheet(maps, [f"{k + 1}" for k in range(16)], 16),
    "Sixteen small pictures: where each filter of the first layer answers",
)

# %% [markdown]
# ## How sure is a difference?
#
# The brackets above say what another *test set* might have given. Another *start* gives another net too. The same
# recipe with two seeds:

# %%
again = trained("xs, seed 2", replace(BASE, architecture="xs", seed=2)).test
print(f"xs: {steps['xs'].test:.1%} and {again:.1%} of the test, {100 * abs(steps['xs'].test - again):.1f} points apart")

# %% [markdown]
# ## Varying pictures
#
# With few pictures a net soon knows them by heart. So each is varied anew every time it is seen: moved (turned,
# slanted, scaled, bent), made thicker or thinner, blurred or sharpened. Each row shows one of these, as far as it goes,
# on the same character.

# %%
PIECES = {"moved": "_moved", "thickened": "_thickened", "focused": "_focused"}
rng = np.random.default_rng(1)
shown = []
for piece in PIECES.values():
    vary = getattr(augment, piece)
    shown += [vary(glyph[0].copy(), rng) if piece == "_focused" else vary(glyph[0].copy(), 1.0, rng) for _ in range(12)]
show(
    sheet(shown, [name for name in PIECES for _ in range(12)]), "Three rows of one character: moved, thickened, focused"
)

# %% [markdown]
# What does each bring? `xs` on few pictures that it sees again and again: as they are, varied in all ways, and with
# each way taken out.

# %%
FEW = replace(BASE, architecture="xs", limit=at_most(2000))
varied = replace(FEW, augmented=True)
ways = {
    "as they are": trained("few", FEW),
    "varied in all ways": trained("few, varied", varied),
}
for name, piece in PIECES.items():
    with patch.object(augment, piece, lambda image, *_: image):
        ways[f"varied, but not {name}"] = trained(f"few, not {name}", varied)
table(
    ("pictures", "test, read right in 47 classes", "against as they are, points"),
    [(name, read_right(f.test), f"{100 * (f.test - ways['as they are'].test):+.1f}") for name, f in ways.items()],
)

# %% [markdown]
# The loss tells why. Knowing pictures by heart shows as a training loss far below that on validation; varying them
# holds the two together.

# %%
drawn, axes = plot(7, 2.6)
for name, folder, colour in (("as they are", "few", "tab:red"), ("varied", "few-varied", "tab:blue")):
    history = json.loads((RUNS / folder / "history.json").read_text())
    seen = [row["images"] for row in history]
    axes.plot(seen, [row["loss"] for row in history], "o--", color=colour, label=f"{name}, training")
    axes.plot(seen, [row["val_loss"] for row in history], "o-", color=colour, label=f"{name}, validation")
axes.set(xlabel="pictures seen", ylabel="loss")
axes.legend(fontsize=7)
show(drawn, "Training and validation loss with and without variation")

# %% [markdown]
# ## More pictures
#
# The other cure is more data. The same net, the same number of steps, from ever more different pictures:

# %%
COUNTS = sorted({at_most(n) for n in (500, 5000)})
by_count = {n: trained(f"{n} pictures", replace(FEW, limit=n)) for n in COUNTS}
by_count |= {at_most(2000): ways["as they are"], mixture.epoch: steps["xs"]}
drawn, axes = plot(5, 2.6)
counts = sorted(by_count)
axes.plot(counts, [100 * (1 - by_count[n].test) for n in counts], "o-")
axes.set(xscale="log", yscale="log", xlabel="different training pictures", ylabel="errors on the test, %")
show(drawn, "Errors over the number of training pictures, both logarithmic: nearly a straight line")
table(("pictures", "test, read right in 47 classes"), [(f"{n:,}", read_right(by_count[n].test)) for n in counts])

# %% [markdown]
# ## Recurrent or not
#
# A recurrent convolution (Liang and Hu, CVPR 2015) looks at its own answer again, three times over, with the same
# weights, so that far parts of a picture may bear on each other without more parameters. Its fair rival is a plain net
# of as many parameters, and the fair price is time.

# %%
pair = {name: trained(name, replace(BASE, architecture=name)) for name in ("rcnn-cnn", "rcnn")}
pair["xs"] = steps["xs"]
table(
    ("net", "what it is", *COLUMNS), [(name, ARCHITECTURES[name].summary, *row(found)) for name, found in pair.items()]
)
curves(pair, "recurrent and plain")

# %% [markdown]
# ## And the one that serves?
#
# It is the same idea once more: wider and twice as deep, millions of pictures instead of thousands, EMNIST *and* ink,
# junk to be refused, and every variation from above and of the pen's way besides. On the same test pictures:

# %%
served = Classifier.load()
scores = served.logits(as_float(test.glyphs.images))[:, :-1] + test.log_prior
right = test.glyphs.allowed[np.arange(len(scores)), scores.argmax(axis=1)]
print(f"the net that serves: {build('m').count_params():,} parameters, {percent(Share.of(right))} right")
print(f"xs above: {read_right(steps['xs'].test)}")

# %%
scratch.cleanup()

# %% [markdown]
# The model card (`model/weights/MODEL_CARD.md`) names the commands that made it, and what each choice brought. What no
# training brings is in `04-errors`.
#
# ## Try it
#
# - Add a step of your own to `STEPS`: a function of a few lines, and its name. Does it pay for its processor seconds?
# - Give every run ten times the pictures (`images` in `BASE`). Which steps gain most, and which comparison turns
#   around?
# - Train by the whole recipe: `python -m model train --data ../shared/data --out runs/mine --architecture s`.
