#!/usr/bin/env python3
"""Changes configurations at random, and asks what commands make of them.

    Tests/faults/configurations.py METARATE [--sample N] [--seed S]

Ten thousand: those of experiments/ that need no file, each changed one to three times in its bytes, words,
lines, indentation, values, numbers and structure. `config show` and `run --dry-run` accept each with exit
code 0 or refuse it with 2 and one line that names file, line and column wherever the reader is what refuses;
with 4 only where a file is missing that the configuration names. Neither takes more than 15 seconds of CPU
time or, with half of that allowed for tensors, a GiB of memory. `--sample` takes that many at random, the
same ones for the same seed.
"""
import random
import re

import measured
import trials

COUNT = 10_000
ALLOWED = "512 MiB"
# What is allowed is drawn before it is known to be too much, at some hundred million bytes a second.
MOST_SECONDS = 15.0
SOURCES = ["digits", "digits-convolutional", "noisy-quadratic", "sinusoid", "tracking",
           "ablation-digits", "ablation-scheduler", "ablation-terms"]
NUMBERS = ["0", "-1", "1e308", "-1e308", ".nan", ".inf", "1e-320", "1000000000", "100000",
           "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e9", "1e400", "0.5",
           "18446744073709551616", "1e-45", "-0.0", "0x7fffffffffffffff", "1_000", "00", "1.0.0", "nan"]
LIKELY = ["1", "2", "3", "10", "64", "1000", "0.01", "0.9", "1.5", "100000", "1000000000", "1e-6", "none"]
TYPES = ["null", "~", "true", "no", "[]", "{}", "[[]]", "{a: b}", "''", '"x"', "text", "- 1", "2026-01-01",
         "!!binary AAAA", "!!int 3", "!x y", "|", ">", "? a", "&a 1", "*a", "<<", "[1, [2, [3]]]", "1:30",
         "\"\\x1b[2J\"", "{kind: none}", "[a, b, c]", "%", "@", "`", "{kind: }", "kind"]
LETTERS = ["\ufeff", "\u200b", "\u202e", "\u0085", "\u2028", "\u00e9", "e\u0301", "\U0001f600", "\uff11",
           "\x00", "\x1b", "\x7f", "\t", "\r", "\u00a0", "\ud7ff", "\ue000", "\uffff"]
WORD = re.compile(r"[\w.+-]+|[^\w\s]")
NUMBER = re.compile(r"(?<![\w.-])-?\d[\d.e+-]*(?![\w.])")
VALUE = re.compile(r"(?<=: )[^{}\[\],\n#]+|\{[^{}\n]*\}|\[[^\[\]\n]*\]")
PLACE = re.compile(r"^metarate: (mutated\.yaml:\d+:\d+|command line|default)", re.M)


class Changes:
    """Ways to change the text of a configuration, by chance."""

    def __init__(self, chance, others, kinds):
        self.chance, self.others, self.kinds = chance, others, kinds
        self.ways = [self.bytes, self.bytes, self.words, self.words, self.numbers, self.numbers,
                     self.numbers, self.types, self.types, self.values, self.values, self.lines,
                     self.lines, self.indentation, self.letters, self.depth, self.aliases, self.length,
                     self.documents, self.settings, self.settings, *4 * [self.likely], *6 * [self.kind]]

    def __call__(self, text):
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            text = self.chance.choice(self.ways)(text)
        return text

    def replaced(self, text, pattern, new):
        """The text with one place that matches replaced; unchanged where none does."""
        places = list(pattern.finditer(text))
        if not places:
            return text
        place = self.chance.choice(places)
        return text[:place.start()] + new + text[place.end():]

    def bytes(self, text):
        data = bytearray(text.encode(errors="surrogateescape"))
        for _ in range(self.chance.randint(1, 8)):
            place = self.chance.randrange(len(data) + 1)
            kept = self.chance.randint(0, 1)
            data[place:place + kept] = bytes([self.chance.randrange(256)] * self.chance.randint(0, 1))
        return data.decode(errors="surrogateescape")

    def words(self, text):
        return self.replaced(text, WORD, self.chance.choice(WORD.findall(self.chance.choice(self.others))))

    def numbers(self, text):
        return self.replaced(text, NUMBER, self.chance.choice(NUMBERS))

    def likely(self, text):
        return self.replaced(text, NUMBER, self.chance.choice(LIKELY))

    def kind(self, text):
        """Another kind of something that is set, with a value for one of its settings."""
        key, kind, setting, usual = self.chance.choice(self.kinds)
        value = self.chance.choice([usual, self.chance.choice(LIKELY), self.chance.choice(NUMBERS)])
        place = re.compile(rf"(?<=\b{key}: )(?:\{{[^{{}}\n]*\}}|[\w.]+)")
        return self.replaced(text, place, f"{{ kind: {kind}, {setting}: {value} }}")

    def types(self, text):
        return self.replaced(text, VALUE, self.chance.choice(TYPES))

    def values(self, text):
        return self.replaced(text, VALUE, self.chance.choice(VALUE.findall(self.chance.choice(self.others))))

    def lines(self, text):
        lines = text.split("\n")
        here, there = (self.chance.randrange(len(lines)) for _ in range(2))
        change = self.chance.randrange(4)
        if change == 0:
            del lines[here]
        elif change == 1:
            lines.insert(there, lines[here])
        elif change == 2:
            lines[here], lines[there] = lines[there], lines[here]
        else:
            lines.insert(here, self.chance.choice(self.chance.choice(self.others).split("\n")))
        return "\n".join(lines)

    def indentation(self, text):
        blanks = self.chance.choice(["", " ", "  ", "   ", "    ", "\t", "      "])
        return self.replaced(text, re.compile(r"^ *", re.M), blanks)

    def letters(self, text):
        place = self.chance.randrange(len(text) + 1)
        return text[:place] + self.chance.choice(LETTERS) * self.chance.randint(1, 3) + text[place:]

    def depth(self, text):
        depth = self.chance.choice([10, 100, 1000, 10_000, 100_000])
        opened, closed = self.chance.choice([("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")])
        return self.replaced(text, VALUE, opened * depth + "1" + closed * depth)

    def aliases(self, text):
        levels = self.chance.choice([2, 5, 10, 30])
        width = self.chance.choice([2, 9])
        bomb = ["a0: &a0 [x, y]"] + [
            f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * width) + "]"
            for level in range(1, levels)]
        tail = self.chance.choice([f"model: *a{levels - 1}", f"<<: *a{levels - 1}", "name: &n [*n]",
                                   "inner: &i { steps: *i }", f"arms: {{ <<: [*a{levels - 1}] }}"])
        return "\n".join(bomb + [text, tail])

    def length(self, text):
        long = self.chance.choice(["x" * 100_000, "9" * 100_000, "[" + "1, " * 50_000 + "]",
                                   "x" * 1_200_000, "\"" + "\\n" * 50_000 + "\"", "a " * 100_000])
        lines = self.chance.choice(["# c\n" * 50_000, "\n" * 100_000, "k: v\n" * 20_000,
                                    "".join(f"k{index}: v\n" for index in range(20_000))])
        return self.replaced(text, VALUE, long) if self.chance.random() < 0.6 else lines + text

    def documents(self, text):
        mark = self.chance.choice(["---\n", "...\n", "%YAML 1.2\n---\n", "%TAG ! x:\n---\n", "--- !!set\n",
                                   "--- >\n", "#\n"])
        place = self.chance.choice([0, text.find("\n") + 1, len(text)])
        return text[:place] + mark + text[place:]

    def settings(self, text):
        """A setting of another kind, with a value that might be one."""
        key = self.chance.choice(WORD.findall(self.chance.choice(self.others)))
        value = self.chance.choice(NUMBERS + TYPES)
        return self.replaced(text, re.compile(r"\{ "), f"{{ {key}: {value}, ")


def study(command, options):
    texts = [(trials.REPOSITORY / f"experiments/{name}.yaml").read_text() for name in SOURCES]
    # Words of all settings: kinds that no experiment uses are among them.
    settings = re.findall(r"^\| `([^`]*)` *\| *([^|]*?) *\|",
                          (trials.REPOSITORY / "experiments/settings.md").read_text(), re.M)
    others = texts + ["\n".join(f"{key}: {value}" for key, value in settings)]
    kinds = [(*re.fullmatch(r".*?(\w+)\((\w+)\)\.(\w+)", key).groups(), value)
             for key, value in settings if re.fullmatch(r".*?\w+\(\w+\)\.\w+", key)]
    tally = trials.Tally()
    chosen = trials.sampled(range(COUNT), options)
    file = command.scratch / "mutated.yaml"
    for number in chosen:
        chance = random.Random(f"{options.seed} {number}")
        text = Changes(chance, others, kinds)(chance.choice(texts))
        file.write_bytes(text.encode(errors="surrogateescape"))
        for words in (["config", "show"], ["run", "--dry-run"]):
            done = measured.run(command, *words, file.name, METARATE_MEMORY=ALLOWED)
            outcome, loss = judge(done, words, is_timed=options.sample is None)
            tally.add(" ".join(words), outcome)
            if loss:
                tally.lose(f"{' '.join(words)} of configuration {number}: {loss}")
                if loss and done.returncode < 0:
                    break
    print(f"{len(chosen)} of {COUNT} changed configurations:")
    return tally.close("all were accepted or refused")


def judge(done, words, is_timed):
    """In what a command ended, in words, and what it must not have done, if anything."""
    names_missing_file = done.returncode == 4 and "No such file" in done.stderr
    loss = measured.fault(done, (0, 2, 4) if names_missing_file else (0, 2), is_timed,
                          MOST_SECONDS)
    if done.returncode == 0:
        return "accepted", loss
    if PLACE.search(done.stderr):
        return "refused at its place", loss
    if words[0] == "config" and done.returncode == 2:
        loss = loss or f"refused without a place: {done.stderr[:300]!r}"
    return f"refused ({done.returncode}) by what reads no file", loss


if __name__ == "__main__":
    trials.main(study, __doc__)
