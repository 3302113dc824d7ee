"""Write the addresses of settings.ini into notebooks and pages: python .ci/addresses.py

The owner, the branch and the host of the site stand in settings.ini alone. After a change there (in a fork: `user`), this
command renews badges, links and install commands everywhere else, and prints the files that it changed.
"""
import re
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["nbs/*.ipynb", "*.md", "CITATION.cff", ".github/**/*.yml", ".github/*.md"]


def settings(root=ROOT):
    "The values of settings.ini."
    config = ConfigParser(delimiters=["="])
    config.read(root/"settings.ini", encoding="utf8")
    return config["DEFAULT"]


def patterns(cfg):
    "Pairs: a pattern of an address of this project, whoever owns it, and what it must be."
    repo, name = re.escape(cfg["repo"]), r"[\w.-]+"
    home = cfg["git_url"].split("github.com/", 1)[-1]
    yield rf"(https://colab\.research\.google\.com/github/){name}/{repo}/blob/{name}/", rf"\g<1>{home}/blob/{cfg['branch']}/"
    yield rf"https://github\.com/{name}/{repo}/blob/{name}/", f"{cfg['git_url']}/blob/{cfg['branch']}/"
    yield rf"https://github\.com/{name}/{repo}\b", cfg["git_url"]
    yield rf"https://{name}\.github\.io/{repo}\b", cfg["doc_host"] + cfg["doc_baseurl"]


def renew(text, cfg):
    "A text with today's addresses."
    for pattern, address in patterns(cfg):
        text = re.sub(pattern, address, text)
    return text


def main(root=ROOT):
    cfg = settings(root)
    for file in sorted({f for pattern in PAGES for f in root.glob(pattern)}):
        text = file.read_text(encoding="utf8")
        if (new := renew(text, cfg)) != text:
            file.write_text(new, encoding="utf8", newline="\n")
            print(file.relative_to(root))


if __name__ == "__main__":
    main()
