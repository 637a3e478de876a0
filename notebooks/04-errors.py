# %% [markdown]
# # Every error looked at
#
# An accuracy is one number; its errors are many drawings, and they say what to do next. This notebook shows them all,
# sorts them by cause, asks whether the labels or the net are to blame, checks whether the reader knows when it is
# wrong, and measures what each thing one might build next could gain.
#
# The ink is UNIPEN's and Pen-Based Digits' (both CC BY 4.0) and Omniglot's (MIT), of writers that no training saw;
# EMNIST comes from NIST Special Database 19. CROHME is counted and not shown, as its licence asks for more. All numbers
# are printed by the cells; the words around them name none.

# %%
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from look import DATA, at_most, commonest, drawings, percent, plot, show, show_png, table

from model.benchmarks.suites import SUITES, load_suite
from model.benchmarks.tally import Outcome, calibration_error, edit_distance, touches
from model.reading.alphabet import CLASSES, REJECTED
from model.reading.classify import Classifier
from model.reading.reading import Options
from model.reading.recognizer import Recognizer
from model.training.data import load_pool
from model.training.evaluation.figures import Measuring, Share
from model.training.evaluation.plots import draw_confusion, draw_errors, draw_reliability
from model.training.evaluation.sets import SharedFolder

# %% [markdown]
# ## Whole drawings
#
# First everything is read once, as the service reads it. Numbers are told to be digits, words to be letters.

# %%
recognizer = Recognizer.load()
KEYS = {"CROHME numbers": "crohme-numbers", "UNIPEN numbers": "unipen-numbers", "UNIPEN words": "unipen-words"}
sets = {name: load_suite(DATA / "ink", SUITES[key], at_most(2000)) for name, key in KEYS.items()}


def outcomes(name, **asked):
    """How each drawing of a set is read; `asked` goes into the options, and may be a function of the drawing."""
    for sample in sets[name]:
        given = {key: value(sample) if callable(value) else value for key, value in asked.items()}
        trace = recognizer.trace(sample.ink, Options(alphabet=SUITES[KEYS[name]].alphabet, **given))
        yield Outcome.of(sample, touches(sample), trace, flat=False, milliseconds=0.0)


read = {name: list(outcomes(name)) for name in sets}


def share(outcomes, right=lambda o: o.exact):
    """The share of drawings that are right, with writers drawn as wholes for its interval."""
    return Share.of(np.array([right(o) for o in outcomes]), np.array([o.sample.writer for o in outcomes]))


table(
    ("set", "n", "read right", "right in any case"),
    [(name, len(of), percent(share(of)), percent(share(of, lambda o: o.any_case))) for name, of in read.items()],
)

# %% [markdown]
# Here are the misread numbers of UNIPEN, all of them, the surest first. Above each stands what was meant, what was
# read, and how sure the reader was. Look at each before you go on: which would you have read?


# %%
def caption(outcome):
    """What was meant, what was read, how sure."""
    text = outcome.text.replace(REJECTED, "?").replace("\n", "/")
    return f"{outcome.sample.text} → {text}  {100 * outcome.confidence:.0f}"


def shown(outcomes, most, alt):
    """Shows drawings, the surest first."""
    surest = sorted(outcomes, key=lambda o: -o.confidence)[:most]
    if surest:
        show(drawings([o.sample for o in surest], [caption(o) for o in surest], 5), alt)


wrong = {name: [o for o in of if not o.any_case] for name, of in read.items()}
shown(wrong["UNIPEN numbers"], 60, "The misread numbers")
print(f"{len(wrong['UNIPEN numbers'])} misread numbers of {len(read['UNIPEN numbers'])}")

# %% [markdown]
# And the misread words, without those where only the case of a letter is wrong:

# %%
shown(wrong["UNIPEN words"], 80, "The misread words")
print(f"{len(wrong['UNIPEN words'])} misread words of {len(read['UNIPEN words'])}")

# %% [markdown]
# ## Sorted by cause
#
# A reading goes wrong in one of few ways, and each asks for other work: the true cut was never offered (cutting), it
# was offered and not chosen (the lattice), ink was refused as no character (the junk output), a wide gap was taken for
# a space, only the case is wrong (size and place), one character is wrong (the classifier), or more.

# %%
CAUSES = {
    "read right": lambda o: o.exact,
    "true cut not offered": lambda o: not o.offered,
    "wrong cut chosen": lambda o: not o.cut_right,
    "taken for no character": lambda o: REJECTED in o.text,
    "a space too many": lambda o: o.text.replace(" ", "") == o.sample.text,
    "only the case of letters": lambda o: o.any_case,
    "one character": lambda o: edit_distance(o.text.lower(), o.sample.text.lower()) == 1,
    "several characters": lambda _: True,
}


def cause(outcome):
    """The first of `CAUSES` that holds."""
    return next(name for name, holds in CAUSES.items() if holds(outcome))


causes = {name: Counter(map(cause, of)) for name, of in read.items()}
table(("cause", *read), [(c, *(causes[name][c] for name in read)) for c in CAUSES])

# %%
drawn, axes = plot(9, 2.2)
left = np.zeros(len(read))
for c in list(CAUSES)[1:]:
    width = np.array([100 * causes[name][c] / len(of) for name, of in read.items()])
    axes.barh(list(read), width, left=left, label=c)
    left += width
axes.set(xlabel="% of the drawings")
axes.legend(fontsize=7, ncols=2)
axes.invert_yaxis()
show(drawn, "Stacked bars: the causes of errors by set")

# %% [markdown]
# Which characters? Where the text read is as long as the true one, the characters can be compared one by one.

# %%
confused = Counter(
    f"{a}→{b}"
    for of in read.values()
    for o in of
    if len(o.text) == len(o.sample.text)
    for a, b in zip(o.sample.text, o.text, strict=True)
    if a != b
)
show(commonest(confused, 30, 2, 6, "times"), "Bars: the characters most often taken for others")
of_case = sum(count for pair, count in confused.items() if pair[0].lower() == pair[-1].lower())
print(f"{sum(confused.values())} wrong characters, {of_case} of them only in case")

# %% [markdown]
# ## Single glyphs
#
# Now the classifier alone, on glyphs whose cut is given. All errors on digits of new writers, then all on EMNIST's
# MNIST test: written → answered, and how sure in percent. Some no one could read; some are pieces of a digit that the
# data cut off; some carry a label that is plainly wrong.


# %%
def all_errors(result, alt):
    """Shows every error of a result."""
    with TemporaryDirectory() as folder:
        for page in draw_errors(result, Path(folder) / "errors"):
            show_png(page.read_bytes(), alt)
    print(
        f"{result.name}: {int((result.answer != result.truth).sum())} errors of {len(result.truth):,}, "
        f"{percent(result.accuracy)} right"
    )


measuring = Measuring(Classifier.load())
folder = SharedFolder(DATA, ["ink-digits", "emnist-mnist", "balanced"], at_most(10_000))
results = {given.key: measuring.result(given) for given in folder.sets()}
all_errors(results["ink-digits"], "Every misread digit of new writers")

# %%
all_errors(results["emnist-mnist"], "Every misread digit of EMNIST's MNIST test")

# %% [markdown]
# The balanced test has letters too. Every error of it follows; most are of a kind that `01-data` calls the label
# ceiling.

# %%
all_errors(results["balanced"], "Every misread character of EMNIST's balanced test")

# %% [markdown]
# The same as a table of counts, truth down and answer across. Much of what lies off the diagonal comes in pairs: whom a
# net takes for another, it takes for the first as well. Where only one side of a pair is there, two shapes are one to
# the net, and it answers with the class that is commoner in writing.

# %%
with TemporaryDirectory() as folder_of_pictures:
    page = Path(folder_of_pictures) / "confusion.png"
    draw_confusion(results["balanced"], page)
    show_png(page.read_bytes(), "The confusion matrix of the balanced test")

# %% [markdown]
# ## Net or label?
#
# For each error a witness can be called that knows no net: the pictures of the training set that lie nearest. Do most
# of the nearest five carry the label, the net's answer, or something else? The same question about glyphs that the net
# read right says how far the witness can be trusted.

# %%
pool = load_pool(DATA / "emnist" / "emnist_pool.npz", 0)
pool = pool[np.sort(np.random.default_rng(0).permutation(len(pool))[: at_most(30_000)])]


def rows(images):
    """Pictures as rows of length 1."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    return flat / np.linalg.norm(flat, axis=1, keepdims=True)


among = rows(pool.images)


def witnessed(result, chosen):
    """What most of the five nearest training pictures say of each chosen glyph: the label, the answer, or neither."""
    groups = np.stack([[c in label for c in CLASSES] for label in result.labels])
    nearest = np.argsort(-(rows(result.images[chosen]) @ among.T), axis=1)[:, :5]
    votes = (pool.allowed[nearest] @ groups.T).sum(axis=1)
    for vote, truth, answer in zip(votes, result.truth[chosen], result.answer[chosen], strict=True):
        yield "label" if vote[truth] >= 3 else "answer" if vote[answer] >= 3 else "neither"


table_rows = []
for result in results.values():
    is_wrong = result.answer != result.truth
    for name, chosen in (("wrong", np.flatnonzero(is_wrong)), ("right", np.flatnonzero(~is_wrong)[: at_most(300)])):
        if len(chosen):
            says = Counter(witnessed(result, chosen))
            table_rows.append(
                (
                    result.name,
                    name,
                    len(chosen),
                    *(f"{says[s] / len(chosen):.0%}" for s in ("label", "answer", "neither")),
                )
            )
table(("set", "read", "n", "neighbours say the label", "the net's answer", "neither"), table_rows)

# %% [markdown]
# Where the neighbours back the label the net had a chance; where they back the answer, the label or the writer is at
# least odd; where they back neither, the glyph is like nothing that was ever seen, and only more and other ink would
# help.
#
# ## Does it know when it is wrong?
#
# A confidence is worth something if of all answers that are so-and-so sure just that share is right. Bins of answers on
# the diagonal mean so; below it the reader is too sure. First the glyphs of new writers, within each alphabet:

# %%
held_out = SharedFolder(DATA, ["ink"], at_most(12_000))
with TemporaryDirectory() as folder_of_pictures:
    page = Path(folder_of_pictures) / "reliability.png"
    draw_reliability(list(measuring.reliabilities(held_out)), page)
    show_png(page.read_bytes(), "Reliability diagrams for digits, letters and both")

# %% [markdown]
# Then whole texts. A text is right only if everything is, so its confidence has to be lower than that of any of its
# characters.

# %%
drawn, axes = plot(4.5, 3)
axes.plot((0, 1), (0, 1), color="0.7", linestyle="--")
for name, of in read.items():
    sure, exact = np.array([o.confidence for o in of]), np.array([o.exact for o in of])
    bins = np.minimum((sure * 5).astype(int), 4)
    used = [b for b in range(5) if (bins == b).sum() >= 5]
    axes.plot([sure[bins == b].mean() for b in used], [exact[bins == b].mean() for b in used], "o-", label=name)
    print(
        f"{name}: mean confidence {sure.mean():.1%}, right {exact.mean():.1%}, "
        f"calibration error {calibration_error(sure, exact):.1%}"
    )
axes.set(xlabel="confidence in the text", ylabel="share right", xlim=(0, 1.02), ylim=(0, 1.02))
axes.legend(fontsize=7)
show(drawn, "Share of texts that are right over the confidence, in five bins")

# %% [markdown]
# What confidence is for: asking again. Suppose an app accepts only answers above some confidence and asks its user to
# look at the rest. How many does it ask about, and how many errors slip through?

# %%
drawn, axes = plot(6, 2.6)
for name, of in read.items():
    ranked = sorted(of, key=lambda o: -o.confidence)
    slipped = 100 * np.cumsum([not o.exact for o in ranked]) / np.arange(1, len(ranked) + 1)
    axes.plot(100 * np.arange(1, len(ranked) + 1) / len(ranked), slipped, label=name)
    kept = slipped[int(0.9 * len(ranked)) - 1]
    print(f"{name}: wrong of all {slipped[-1]:.1f} %, of the surest nine in ten {kept:.1f} %")
axes.set(xlabel="answered without asking, %", ylabel="wrong of these, %")
axes.legend(fontsize=7)
show(drawn, "Errors that slip through over the share that is answered without asking; they rise to the right")

# %% [markdown]
# ## What next
#
# Before building anything one can ask what it would bring at best. Give the reader the truth in one respect only and
# read everything again: the true groups of strokes (a perfect cut), a list of all texts that may come (a perfect
# lexicon), or forgive the case of letters (a perfect line).

# %%
gained = {}
for name, samples in sets.items():
    texts = tuple(sorted({sample.text for sample in samples}))
    truths = {
        "true groups given": {"groups": lambda sample: tuple(strokes for _, strokes in sample.groups)},
        "lexicon of all texts given": {"lexicon": texts},
    }
    gained["as it is", name] = share(read[name])
    for what, asked in truths.items():
        gained[what, name] = share(list(outcomes(name, **asked)))
    gained["case forgiven", name] = share(read[name], lambda o: o.any_case)
names = list(dict.fromkeys(what for what, _ in gained))
table(("reader", *sets), [(what, *(percent(gained[what, name]) for name in sets)) for what in names])

# %%
drawn, axes = plot(9, 2.2)
for place, what in enumerate(names[1:]):
    gain = [100 * (gained[what, name].value - gained["as it is", name].value) for name in sets]
    axes.bar(np.arange(len(sets)) + 0.25 * place, gain, 0.22, label=what)
axes.set_xticks(np.arange(len(sets)) + 0.25, list(sets))
axes.set(ylabel="points gained")
axes.axhline(0, color="0.3", linewidth=0.8)
axes.legend(fontsize=7)
show(drawn, "Bars: what the truth in one respect would gain, by set")

# %% [markdown]
# Read the bars as upper limits. Where a bar is flat, no work of that kind pays, however clever. The lexicon's is not a
# fair one for numbers, as no app knows which numbers will come; but a form that expects one of a few words should say
# so (`"lexicon"` in the API).
#
# ## Try it
#
# - Pick one misread drawing from the pictures above and find its cause by hand before you look it up in `CAUSES`.
# - Share a drawing of yours that is misread, from the page, and take it apart: `python -m model read LINK --explain
#   why.html`.
# - Give the true groups *and* the lexicon. Is what is left the net's fault?
