"""Do the notebooks still print what is committed? python .ci/stale.py [NOTEBOOK ...]

Runs the notebooks that need neither training nor real faces, and of some others the cells that only read kept tables, on
synthetic faces, and compares each text and table with the committed one. Numbers may differ by 2 %. Left out are pictures,
cells marked `#| slow`, cells that measure time, hashes, dates and temporary paths.
"""
import json
import os
import re
import sys
import tempfile
import time
from itertools import zip_longest
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from rules import ROOT, directives

WHOLE = "01_augment 02_models blend config face_nets images index near_duplicates parts".split()
PARTS = {  # the cells to run and compare, by id: they need kept tables and presets only
    "03_train_scratch": "47c86cd5 37c0b6bd 371b483a 0c5ae060 4ed5e5f3 bb92ed01 bf1a4221 f27c8773",
    "04_finetune_resnet": "059af7e9 1032342a 80e77595 0f8a2913 bbd7eba2 d0624e38 2123aac0 62451142 03d47c25 b5caa44c 0377e2f5 "
                          "a1c07e55 a1c07e57 b17c40d2 b2fa9d82 2e522e9c adc77c34 57b85e52 ad2206e0",
    "05_infer": "ce1360dc 480949e2 f8a5f798 2ee2ad0e 2e1c7dbb caddc9d4 6cc1508f 4ea94a31 04205260 73d2c19f 0ab5ed91",
    "benchmarks": "2a7da1f6 cfe68b6c",
    "reliability": "e7cd5292 6912e389 4a1cb537 0bc600b6",
    "stress": "5d5dea14 415c39f6 a33eef9a",
}
BEFORE = {"05_infer": "os.environ['IN_TEST'] = '1'; data, folder, names = Path('demo'), Path('../submissions'), []"}  # what cells left out would have made
TIMES = r"seconds|images/s|images_per_second|per second|ms per|\bcpu_time\b|_time\(|perf_counter"  # such cells are not compared
VARIES = {"0b25a191", "0f6d560a"}  # depend on the weight files at hand, and on rows that are picked at random
ANY = [(r"(?s)<style.*?</style>", " "), (r"<[^>]*>", " "), (r"0x[0-9a-f]+|\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{8,}\b", "HASH"),
       (r"/tmp/\S+", "PATH"), (r"\b\d{4}-\d\d-\d\d(T[\d:+]+)?", "DATE"), (r"Figure size \S+ with", "Figure")]
NUMBER = r"[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?"
TOLERANCE = .02


def shown(cell):
    "What a cell prints and shows, as words and numbers."
    data = [o.get("data", {}) for o in cell["outputs"]]
    texts = ["".join(o["text"]) for o in cell["outputs"] if o["output_type"] == "stream" and o["name"] == "stdout"]
    texts += ["".join(next((d[k] for k in ("text/markdown", "text/html", "text/plain") if k in d), "")) for d in data if not any("image" in k for k in d)]
    text = "\n".join(texts)
    for pattern, word in ANY:
        text = re.sub(pattern, word, text)
    return re.findall(rf"{NUMBER}|[^\W\d]+|\S", text)


def same(a, b):
    "Are two words the same, or two numbers close?"
    if a == b:
        return True
    if not (a and b and re.fullmatch(NUMBER, a) and re.fullmatch(NUMBER, b)):
        return False
    x, y = (float(n.replace(",", "")) for n in (a, b))
    last = max(10.0**-len(n.partition(".")[2]) for n in (a, b))  # one in the last digit
    return abs(x - y) <= TOLERANCE*max(abs(x), abs(y)) + last


def difference(was, now):
    "The place where two outputs differ, or nothing."
    for i, (a, b) in enumerate(zip_longest(was, now)):
        if not same(a, b):
            return f"committed: {' '.join(was[max(0, i - 6):i + 4])} | now: {' '.join(now[max(0, i - 6):i + 4])}"


def chosen(name, cells):
    "The code cells of a notebook to run, copied, and those of them to compare."
    if name in PARTS:
        by_id = {c["id"]: c for c in cells}
        if absent := [i for i in PARTS[name].split() if i not in by_id]:
            raise SystemExit(f"nbs/{name}.ipynb has no cell {', '.join(absent)}: correct PARTS in .ci/stale.py")
        run = [by_id[i] for i in PARTS[name].split()]
    else:
        run = [c for c in cells if c["cell_type"] == "code" and "slow" not in dict(directives(c["source"])) and "nbdev_export" not in c["source"]]
    timed = [name not in PARTS and re.search(TIMES, c["source"] + json.dumps(c["outputs"])) for c in run]
    compare = [c for c, t in zip(run, timed) if shown(c) and not t and c["id"] not in VARIES]
    last = max((i for i, c in enumerate(run) if any(c is x for x in compare)), default=-1)
    return run[:last + 1], compare


def check(name):
    "Run a notebook. Returns the number of compared cells, and a line for each that differs."
    book = nbformat.read(Path("nbs")/f"{name}.ipynb", 4)
    run, compare = chosen(name, book.cells)
    was = {c["id"]: shown(c) for c in compare}
    extra = [nbformat.v4.new_code_cell(BEFORE[name])] if name in BEFORE else []
    book.cells = run[:2] + extra + run[2:]  # the first two import
    try:
        NotebookClient(book, timeout=600, resources={"metadata": {"path": "nbs"}}).execute()
    except CellExecutionError as e:
        return 0, [f"nbs/{name}.ipynb: {e}"]
    found = {c["id"]: difference(was[c["id"]], shown(c)) for c in book.cells if c["id"] in was}
    return len(was), [f"nbs/{name}.ipynb, cell {i}: {d}" for i, d in found.items() if d]


def main():
    os.chdir(ROOT)
    names, broken = sys.argv[1:] or [*WHOLE, *PARTS], []
    with tempfile.TemporaryDirectory() as tmp:
        os.environ.update(AGEGENDER_DATA="demo", AGEGENDER_CACHE=f"{tmp}/cache", TRACKIO_DIR=f"{tmp}/trackio", TQDM_DISABLE="1")
        os.environ.pop("MPLBACKEND", None)  # as in a notebook
        for name in names:
            start = time.perf_counter()
            count, lines = check(name)
            broken += lines
            print(f"{name:22}{count:4} outputs compared, {len(lines)} differ ({time.perf_counter() - start:.0f} s)", flush=True)
    print(*broken or ["no output differs"], sep="\n")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
