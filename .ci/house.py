"The rules of the house that no other tool checks: where imports may go, which directives exist, what is too large."
import ast, json, re, subprocess
from pathlib import Path

FLOORS = ["drawn", "data", "augment", "faces", "models", "tracking", "train", "report", "finetune", "infer"]  # imports go only towards the left
DIRECTIVES = {"export", "hide", "slow"}
bad = []

for floor, name in enumerate(FLOORS):
    for node in ast.walk(ast.parse(Path(f"agegender/{name}.py").read_text(encoding="utf8"))):
        if isinstance(node, ast.ImportFrom) and node.level + ("agegender" in (node.module or "")):
            used = (node.module or "").split(".")[-1]
            if used not in FLOORS[:floor]: bad.append(f"agegender/{name}.py imports {used}, which does not stand below it")

sources = {re.search(r"File to edit: \.\./(\S+)\.", p.read_text(encoding="utf8"))[1]: p for p in Path("agegender").glob("[a-z]*.py")}
bad += [f"{p} has no notebook {nb}" for nb, p in sources.items() if not Path(nb).exists()]

for nb in Path("nbs").glob("*.ipynb"):
    if nb.stat().st_size > 300_000: bad.append(f"{nb} has {nb.stat().st_size/1000:.0f} kB, more than 300")
    for cell in json.loads(nb.read_text(encoding="utf8"))["cells"]:
        for directive in re.findall(r"^#\|\s*(\S+)", "".join(cell["source"]), re.M):
            if directive not in DIRECTIVES | {"default_exp"}: bad.append(f"{nb}: '#| {directive}' is not a directive we use")

for f in subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n"):
    if f and Path(f).exists() and Path(f).stat().st_size > 5_000_000: bad.append(f"{f} is larger than 5 MB")
    if f.endswith((".jpg", ".jpeg", ".safetensors", ".pth", ".pt")): bad.append(f"{f}: no images of faces and no weights in the repo")

print("\n".join(bad) or "all rules kept")
raise SystemExit(bool(bad))
