"""The rules of this project that no other tool checks: python .ci/rules.py

Prints every line that breaks one, and ends with status 1 if there are any.
"""
import ast
import json
import os
import re
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# imports go only towards the left
ORDER = ("images config parts synthetic near_duplicates layouts detect data light devices augment face_nets backbones models tracking checkpoint "
         "train report blend stress finetune infer mistakes export distill photos kaggle hub sweep cli demo").split()
LIGHT = ["agegender", "agegender.images", "agegender.config", "agegender.synthetic", "agegender.near_duplicates",
         "agegender.layouts", "agegender.detect", "agegender.parts", "agegender.light", "agegender.photos", "agegender.cli"]
HEAVY = ["torch", "matplotlib"]  # importing one of LIGHT loads none of these
DIRECTIVES = {"default_exp", "export", "hide", "slow"}
NOTEBOOK, FILE, NETWORK = 300_000, 5_000_000, 8_000_000  # largest sizes in bytes; NETWORK: of those in SHIPPED
MEDIAN, MOST, LONGEST = 10, 20, 40   # lines of exported cells: the median, nine in ten, the longest
FUNCTION = 40                        # lines; a function has fewer
SHIPPED = ("agegender/weights/centerface.onnx", "agegender/weights/face.onnx", "agegender/weights/face.safetensors")  # networks that come with the package
NO_DATA = (".jpg", ".jpeg", ".safetensors", ".pth", ".pt", ".onnx", ".u8")


def read_notebooks():
    "The code of every notebook: name -> one text per code cell."
    return {p.stem: ["".join(c["source"]) for c in json.loads(p.read_text(encoding="utf8"))["cells"] if c["cell_type"] == "code"]
            for p in sorted(Path("nbs").glob("*.ipynb"))}


def read_modules():
    "Every module of the library: name -> syntax tree."
    return {p.stem: ast.parse(p.read_text(encoding="utf8")) for p in sorted(Path("agegender").glob("*.py")) if p.stem != "_modidx"}


def own_imports(tree, modules):
    "The modules of the library that a syntax tree imports, at the top or in a function."
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("agegender."))
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield from [node.module] if node.module else (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "agegender":
            yield from (a.name for a in node.names if a.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module.startswith("agegender."):
            yield node.module.split(".")[1]


def check_imports(modules):
    "An import goes down the order of modules, never up."
    for name, tree in modules.items():
        if name == "__init__": continue
        if name not in ORDER:
            yield f"agegender/{name}.py has no place in the order of modules: {' '.join(ORDER)}"
            continue
        for used in own_imports(tree, modules):
            if used not in ORDER[:ORDER.index(name)]:
                yield f"agegender/{name}.py imports {used}, which does not stand before it in the order of modules"


def check_light():
    "What needs no torch loads none."
    code = "import sys, importlib; importlib.import_module(sys.argv[1]); print(*[m for m in sys.argv[2:] if m in sys.modules])"
    for name in LIGHT:
        done = subprocess.run([sys.executable, "-c", code, name, *HEAVY], capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            yield f"import {name} fails: {done.stderr.strip().splitlines()[-1]}"
        elif done.stdout.strip():
            yield f"import {name} loads {done.stdout.strip()}"


def check_public_names(modules):
    "The names of agegender/__init__.py: the same for type checkers, found where they are said to be, none a module's."
    init = modules["__init__"]
    typed = {a.asname: n.module for n in ast.walk(init) if isinstance(n, ast.ImportFrom) and n.level for a in n.names}
    sources = next(ast.literal_eval(n.value) for n in init.body if isinstance(n, ast.Assign) and n.targets[0].id == "_MODULES")
    names = {name: module for module, names in sources.items() for name in names}
    for name in sorted(typed.keys() | names.keys()):
        if typed.get(name) != names.get(name):
            yield f"agegender/__init__.py: {name} stands in {names.get(name)} and, for type checkers, in {typed.get(name)}"
        elif name in modules:
            yield f"agegender/__init__.py: {name} is the name of a module too"
        elif name not in defined(modules.get(names[name])):
            yield f"agegender/__init__.py: {names[name]} has no {name}"


def defined(tree):
    "The names that a module defines at its top."
    return {getattr(n, "name", None) for n in tree.body} if tree else set()


def check_exported_code(modules):
    "Functions are short, and the exported code needs no fastcore."
    for name, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = node.end_lineno - node.lineno + 1
                if length >= FUNCTION: yield f"agegender/{name}.py: {node.name} has {length} lines, must be under {FUNCTION}"
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("fastcore", "nbdev"):
                yield f"agegender/{name}.py imports {node.module}, which only the notebooks may"


def directives(cell):
    "The directives of a cell: [(name, value)]."
    return re.findall(r"^#\|\s*(\S+)[ \t]*(.*)$", cell, re.M)


def check_directives(notebooks):
    "Known directives only (a misspelt one does nothing), and one notebook for each module."
    targets = {}
    for notebook, cells in notebooks.items():
        for name, value in (d for cell in cells for d in directives(cell)):
            if name not in DIRECTIVES: yield f"nbs/{notebook}.ipynb: '#| {name}' is not a directive that is used here"
            if name == "default_exp": targets.setdefault(value.strip(), []).append(notebook)
    for target, sources in targets.items():
        if len(sources) > 1: yield f"agegender/{target}.py is exported by several notebooks: {', '.join(sources)}"
    for module in sorted(p.stem for p in Path("agegender").glob("[a-z]*.py")):
        if module not in targets: yield f"agegender/{module}.py has no notebook"


def exported_code(notebook):
    "The exported cells of a notebook: id -> code without directives."
    cells = json.loads(Path(notebook).read_text(encoding="utf8"))["cells"]
    code = {c["id"]: "".join(c["source"]) for c in cells if c["cell_type"] == "code"}
    return {i: re.sub(r"^#\|.*$", "", text, flags=re.M) for i, text in code.items() if "export" in dict(directives(text))}


def check_by_hand():
    "Every cell of a module is that of its notebook: agegender/*.py is never edited."
    def plain(code): return re.sub(r"^(\s*)from (agegender)?\.(\w+) import", r"\1from .\3 import", code, flags=re.M).strip()
    for p in sorted(Path("agegender").glob("[a-z]*.py")):
        found = {}
        for cell in re.split(r"^# %% (?=\.\./nbs/)", p.read_text(encoding="utf8"), flags=re.M)[1:]:
            head, _, code = cell.partition("\n")
            found[head.partition(" #")[2]] = code
        wanted = exported_code(f"nbs/{head.partition(' #')[0].removeprefix('../nbs/')}")
        for i in found | wanted:
            if plain(found.get(i, "")) != plain(wanted.get(i, "")):
                yield f"{p}: cell {i} is not as in its notebook: edit the notebook, never the module, then nbdev_export"


def exported_lengths(cells):
    "Lines of each exported cell, without directives, blank lines and cells that only import."
    for cell in cells:
        if "export" not in dict(directives(cell)): continue
        if all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in ast.parse(cell).body): continue
        yield sum(bool(line.strip()) and not line.startswith("#|") for line in cell.splitlines())


def check_lengths(notebooks):
    "Exported cells are short: over the numbered notebooks together, and each one anywhere."
    lengths = {name: list(exported_lengths(cells)) for name, cells in notebooks.items()}
    for name, longest in ((name, max(x, default=0)) for name, x in lengths.items()):
        if longest > LONGEST: yield f"nbs/{name}.ipynb exports a cell of {longest} lines, more than {LONGEST}"
    numbered = [n for name, x in lengths.items() if name[0].isdigit() for n in x]
    median, over = statistics.median_high(numbered), sum(n > MOST for n in numbered)
    if median > MEDIAN: yield f"exported cells of the numbered notebooks: the median has {median} lines, more than {MEDIAN}"
    if 10*over >= len(numbered):
        yield f"exported cells of the numbered notebooks: {over} of {len(numbered)} have more than {MOST} lines, must be under a tenth"


def check_outputs():
    "No output shows a path of the machine that made it."
    for p in sorted(Path("nbs").glob("*.ipynb")):
        for cell in json.loads(p.read_text(encoding="utf8"))["cells"]:
            shown = json.dumps(cell.get("outputs", []))
            for path in ("site-packages/", "/tmp/tmp", *(f"/{home}/" for home in ("root", "home"))):
                if path in shown: yield f"{p}, cell {cell['id']}: the output shows a path with {path}"


def check_files():
    "Nothing large, no photos of people, no weights."
    for p in sorted(Path("nbs").glob("*.ipynb")):
        if p.stat().st_size > NOTEBOOK: yield f"{p} has {p.stat().st_size/1000:.0f} kB, more than {NOTEBOOK//1000}"
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout.split("\0")
    for p in map(Path, filter(None, tracked)):
        most = NETWORK if p.as_posix() in SHIPPED else FILE
        if p.is_file() and p.stat().st_size > most: yield f"{p} is larger than {most//1_000_000} MB"
        if p.suffix.lower() in NO_DATA and p.as_posix() not in SHIPPED: yield f"{p}: no photos and no weights in the repository"


def main():
    os.chdir(ROOT)
    notebooks, modules = read_notebooks(), read_modules()
    broken = [*check_imports(modules), *check_light(), *check_public_names(modules), *check_exported_code(modules),
              *check_directives(notebooks), *check_by_hand(), *check_lengths(notebooks), *check_outputs(), *check_files()]
    for line, times in Counter(broken).items():
        print(line + (f" ({times} times)" if times > 1 else ""))
    print(f"{len(broken)} broken" if broken else "all rules kept")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
