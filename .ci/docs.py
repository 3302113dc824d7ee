"""Write the sources of the documentation site: python .ci/docs.py FOLDER

FOLDER/docs gets a Markdown page for each notebook (as it was last executed), for each module (from signatures, docstrings and
the comments beside parameters, read without importing anything), README, changelog and the like; FOLDER/mkdocs.yml what mkdocs
needs. `bash .ci/docs` builds the site from it.
"""
import ast
import base64
import io
import json
import re
import shutil
import sys
import tokenize
from pathlib import Path

from addresses import ROOT, settings

PAGES = dict(CHANGELOG="Changelog", CONTRIBUTING="Contributing", SECURITY="Security")
STYLE = """
.md-typeset .output { border-left: .15rem solid var(--md-default-fg-color--lightest); padding-left: .6rem; overflow-x: auto; font-size: .64rem; }
.md-typeset .output table { border-collapse: collapse; width: auto; }
.md-typeset .output td, .md-typeset .output th { padding: .2em .8em; border: 0; text-align: right; white-space: nowrap; }
.md-typeset .output tr:nth-child(even) { background: var(--md-code-bg-color); }
.md-typeset img.plot { background: #fff; border-radius: .2rem; }
.md-typeset table:not([class]) td, .md-typeset table:not([class]) th { min-width: 0; }
.md-typeset td:first-child > code { white-space: nowrap; }
"""


# --- links -------------------------------------------------------------------------------------------------------------

def link(target, cfg, top):
    "Where a link of a page of the project leads on the site; what is not on the site leads to the repository."
    if re.match(r"[a-z]+:|#", target): return target
    path, _, part = target.partition("#")
    path = (Path("/", "" if top else "nbs")/path).as_posix().lstrip("/")
    while "/../" in f"/{path}": path = re.sub(r"[^/]*/?\.\./", "", path, count=1)
    part = f"#{part}" if part else ""
    if path.startswith("nbs/") and path.endswith(".ipynb"):
        name = Path(path).stem
        return ("index" if name == "index" else name) + ".md" + part
    if path.startswith("nbs/images/"): return path.removeprefix("nbs/")
    if Path(path).stem in PAGES and path.endswith(".md"): return path
    return "index.md" if path == "README.md" else f"{cfg['git_url']}/blob/{cfg['branch']}/{path}{part}"


def page(text, cfg, top=False):
    "Markdown as Jupyter and GitHub read it, as mkdocs reads it."
    parts = re.split(r"(```.*?```|`[^`\n]+`)", text, flags=re.S)  # code stays
    for i in range(0, len(parts), 2):
        parts[i] = re.sub(r"(\]\()([^)\s]+)(\))", lambda m: m[1] + link(m[2], cfg, top) + m[3], parts[i])
        parts[i] = parts[i].replace("<details>", '<details markdown="1">')
    lines = "".join(parts).splitlines()
    out, item, code = [], re.compile(r"\s*([-*+]|\d+\.) |\|"), False
    for before, line in zip([""] + lines, lines):
        code ^= line.lstrip().startswith("```")
        if not code and item.match(line) and before.strip() and not item.match(before) and not before.startswith("  "):
            out.append("")  # a list or table after a paragraph
        out.append(line)
    return "\n".join(out)


# --- notebooks ---------------------------------------------------------------------------------------------------------

def text_of(value): return value if isinstance(value, str) else "".join(value)


def output(out, name, docs):
    "An output of a cell: picture, Markdown, table or text."
    data = out.get("data", {})
    if "image/png" in data:
        content = base64.b64decode(text_of(data["image/png"]))
        file = docs/"outputs"/f"{name}_{len(list((docs/'outputs').glob(f'{name}_*')))}.png"
        file.write_bytes(content)
        return f'![Output of the cell above](outputs/{file.name}){{ .plot loading=lazy }}'
    if "text/markdown" in data: return text_of(data["text/markdown"])
    if "text/html" in data:
        html = re.sub(r"<style.*?</style>|\n\s*\n", "", text_of(data["text/html"]), flags=re.S)
        return f'<div class="output">{html}</div>'
    text = text_of(data.get("text/plain", out.get("text", "")))
    if out["output_type"] == "error": text = f"{out['ename']}: {out['evalue']}"
    text = re.sub(r"\x1b\[[0-9;]*m", "", text).rstrip()
    return f"``` {{ .text .output }}\n{text}\n```" if text else ""


def cell_parts(cell, name, docs, cfg):
    "What a cell becomes."
    source, tags = text_of(cell["source"]), cell.get("metadata", {}).get("tags", [])
    if cell["cell_type"] == "markdown":
        yield page(source, cfg)
        return
    directives = re.findall(r"^#\|\s*(\w+)", source, re.M)
    if "hide" in directives or "default_exp" in directives or "hide-cell" in tags: return
    code = re.sub(r"^#\|.*\n?", "", source, flags=re.M).strip()
    if code and "hide-input" not in tags: yield f"```python\n{code}\n```"
    for out in cell.get("outputs", []): yield page(output(out, name, docs), cfg) if out.get("data", {}).get("text/markdown") else output(out, name, docs)


def notebook_page(file, docs, cfg):
    "The page of a notebook; returns its title."
    cells = json.loads(file.read_text(encoding="utf8"))["cells"]
    parts = [p for cell in cells for p in cell_parts(cell, file.stem, docs, cfg) if p.strip()]
    where = f"{cfg['git_url']}/blob/{cfg['branch']}/nbs/{file.name}"
    exports = re.search(r"default_exp (\w+)", "".join(text_of(c["source"]) for c in cells))
    also = f" It exports [agegender.{exports[1]}](reference/{exports[1]}.md)." if exports else ""
    (docs/f"{file.stem}.md").write_text("\n\n".join([*parts, f"---\n\nThis page is the notebook [nbs/{file.name}]({where}).{also}"]), encoding="utf8")
    return next(re.findall(r"^# (.*)", p, re.M)[0] for p in parts if re.search(r"^# ", p, re.M))


# --- reference ---------------------------------------------------------------------------------------------------------

def comments(source):
    "The comment of each line that has one."
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT and not t.line.lstrip().startswith("#")}


def cell(text):
    "Text for a cell of a table: a bar in code stays, any other must not look like a border."
    return "".join(t if t.startswith("`") else t.replace("|", "&#124;") for t in re.split(r"(`[^`]*`)", text.replace("\n", " ")))


def table(rows):
    "Rows (name, type, default, comment) as a table, if there is anything to tell."
    rows = [[f"`{n}`", f"`{t}`" if t else "", f"`{d}`" if d else "", c] for n, t, d, c in rows]
    if not rows: return ""
    return "\n".join(["| parameter | type | default | |", "| --- | --- | --- | --- |", *("| " + " | ".join(map(cell, r)) + " |" for r in rows)])


def parameters(node, notes):
    "Rows of the parameters of a function."
    a = node.args
    plain = [*a.posonlyargs, *a.args]
    defaults = [None]*(len(plain) - len(a.defaults)) + a.defaults
    pairs = [*zip(plain, defaults), *([(a.vararg, None)] if a.vararg else []), *zip(a.kwonlyargs, a.kw_defaults), *([(a.kwarg, None)] if a.kwarg else [])]
    ends = [p.lineno for p, _ in pairs]
    last = node.returns.lineno if node.returns else 0
    for p, default in pairs:
        if p.arg in ("self", "cls"): continue
        star = "*" if p is a.vararg else "**" if p is a.kwarg else ""
        line = default.end_lineno if default is not None else p.lineno
        note = notes.get(line, "") if ends.count(p.lineno) == 1 and line != last else ""
        yield star + p.arg, ast.unparse(p.annotation) if p.annotation else "", ast.unparse(default) if default is not None else "", note


def signature(node):
    "The head of a function in one line, or one parameter a line if that is long."
    args, back = re.sub(r"^(self|cls)(, |$)", "", ast.unparse(node.args)), f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"{node.name}({args}){back}"
    if len(line) < 90: return line
    names = re.sub(r"self, |self$", "", ", ".join(n if not d else f"{n}={d}" for n, _, d, _ in parameters(node, {})))
    return f"{node.name}({names}){back}"


def function_doc(node, notes, level, owner=""):
    "A function or method."
    back = notes.get(node.returns.lineno, "") if node.returns else ""
    yield f"{'#'*level} {owner}{node.name} {{ #{owner}{node.name} }}"
    yield f"```python\n{signature(node)}\n```"
    yield ast.get_docstring(node) or ""
    yield table(list(parameters(node, notes)))
    if back: yield f"Returns `{ast.unparse(node.returns)}`: {back}"


def class_doc(node, notes):
    "A class: what makes it, its fields, its public methods."
    methods = [n for n in node.body if isinstance(n, ast.FunctionDef)]
    bases = ", ".join(map(ast.unparse, node.bases))
    yield f"## {node.name} {{ #{node.name} }}"
    yield f"```python\nclass {node.name}({bases})\n```" if bases else ""
    yield ast.get_docstring(node) or ""
    made = next((m for m in methods if m.name == "__init__"), None)
    rows = [(f.target.id, ast.unparse(f.annotation), ast.unparse(f.value) if f.value else "", notes.get(f.end_lineno, ""))
            for f in node.body if isinstance(f, ast.AnnAssign)]
    yield table(list(parameters(made, notes)) if made else rows)
    for m in methods:
        if not m.name.startswith("_") or m.name == "__call__":
            if ast.get_docstring(m): yield from function_doc(m, notes, 3, f"{node.name}.")


def module_page(file, docs):
    "The page of a module; False if it has no public names."
    source = file.read_text(encoding="utf8")
    tree, notes, parts = ast.parse(source), comments(source), []
    assigned = {t.id: n.value for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
    assigned |= {n.target.id: n.value for n in tree.body if isinstance(n, ast.AnnAssign) and n.value}
    public = ast.literal_eval(assigned["__all__"]) if "__all__" in assigned else []
    for node in tree.body:
        if getattr(node, "name", "") not in public: continue
        parts += class_doc(node, notes) if isinstance(node, ast.ClassDef) else function_doc(node, notes, 2)
    values = [(n, ast.unparse(assigned[n])) for n in public if n in assigned]
    if values: parts += ["## Values"] + ["\n".join(f"- `{n}` = `{v if len(v) < 80 else v[:77] + '...'}`" for n, v in values)]
    notebook = re.search(r"File to edit: \.\./nbs/(\w+)\.ipynb", source)
    head = [f"# agegender.{file.stem}", ast.get_docstring(tree) or "", f"Made from [this notebook](../{notebook[1]}.md)." if notebook else ""]
    (docs/"reference"/f"{file.stem}.md").write_text("\n\n".join(p for p in head + parts if p), encoding="utf8")
    return bool(parts)


# --- the site ----------------------------------------------------------------------------------------------------------

def configuration(cfg, nav):
    "What mkdocs needs; JSON is YAML."
    palette = [dict(media="(prefers-color-scheme)", toggle=dict(icon="material/brightness-auto", name="Light")),
               dict(media="(prefers-color-scheme: light)", scheme="default", primary="teal", accent="teal", toggle=dict(icon="material/weather-sunny", name="Dark")),
               dict(media="(prefers-color-scheme: dark)", scheme="slate", primary="teal", accent="teal", toggle=dict(icon="material/weather-night", name="As the system"))]
    features = ["navigation.tabs", "navigation.sections", "navigation.top", "navigation.footer", "toc.follow", "content.code.copy", "search.suggest", "search.highlight"]
    return dict(
        site_name=cfg["title"], site_url=cfg["doc_host"] + cfg["doc_baseurl"] + "/", site_description=cfg["description"],
        repo_url=cfg["git_url"], edit_uri="", copyright=cfg["copyright"], docs_dir="docs", extra_css=["style.css"], nav=nav,
        theme=dict(name="material", font=False, palette=palette, features=features, icon=dict(repo="fontawesome/brands/github")),
        plugins=["search"], strict=True,
        markdown_extensions=["tables", "attr_list", "md_in_html", "admonition", "pymdownx.details", "pymdownx.superfences", "pymdownx.highlight", dict(toc=dict(permalink=True))],
        validation=dict(links=dict(not_found="warn", anchors="warn", unrecognized_links="warn")))


def main(folder):
    cfg, docs = settings(), Path(folder)/"docs"
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("outputs", "reference"): (docs/part).mkdir(parents=True)
    shutil.copytree(ROOT/"nbs"/"images", docs/"images")
    (docs/"style.css").write_text(STYLE, encoding="utf8")
    (docs/"index.md").write_text(page((ROOT/"README.md").read_text(encoding="utf8"), cfg, top=True), encoding="utf8")
    for name in PAGES: (docs/f"{name}.md").write_text(page((ROOT/f"{name}.md").read_text(encoding="utf8"), cfg, top=True), encoding="utf8")
    books = {f.stem: notebook_page(f, docs, cfg) for f in sorted((ROOT/"nbs").glob("*.ipynb")) if f.stem != "index"}
    modules = [f.stem for f in sorted((ROOT/"agegender").glob("[a-z]*.py")) if module_page(f, docs)]
    chapters = [{title: f"{name}.md"} for name, title in books.items() if name == "quickstart" or name[0].isdigit()]
    others = [{title: f"{name}.md"} for name, title in books.items() if name != "quickstart" and not name[0].isdigit()]
    nav = [dict(Home="index.md"), dict(Chapters=sorted(chapters, key=lambda c: [*c.values()][0] != "quickstart.md")), {"More notebooks": others},
           dict(Reference=[{m: f"reference/{m}.md"} for m in modules]), dict(Project=[{title: f"{name}.md"} for name, title in PAGES.items()])]
    Path(folder, "mkdocs.yml").write_text(json.dumps(configuration(cfg, nav), indent=1), encoding="utf8")


if __name__ == "__main__":
    main(sys.argv[1])
