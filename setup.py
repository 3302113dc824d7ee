"Packaging: every value comes from settings.ini, so that nbdev and pip read the same file."
import re
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

here = Path(__file__).parent
config = ConfigParser(delimiters=["="])
config.read(here / "settings.ini", encoding="utf8")
cfg = config["DEFAULT"]
extras = {key.removesuffix("_requirements"): value.split() for key, value in cfg.items() if key.endswith("_requirements")}


def absolute(page):
    "A page of the project whose links work on PyPI too: relative ones begin with the project's address."
    raw = cfg["git_url"].replace("github.com", "raw.githubusercontent.com")
    page = re.sub(r"(!\[[^\]]*\]\()(?!https?:|#)", rf"\g<1>{raw}/{cfg['branch']}/", page)
    return re.sub(r"(?<!!)(\[[^\]]*\]\()(?!https?:|#)", rf"\g<1>{cfg['git_url']}/blob/{cfg['branch']}/", page)


setup(
    name=cfg["lib_name"],
    version=cfg["version"],
    description=cfg["description"],
    long_description=absolute((here / "README.md").read_text(encoding="utf8")),
    long_description_content_type="text/markdown",
    keywords=cfg["keywords"],
    author=cfg["author"],
    author_email=cfg["author_email"],
    url=cfg["git_url"],  # `agegender.config.install_command` reads it
    project_urls={"Documentation": cfg["doc_host"] + cfg["doc_baseurl"], "Issues": cfg["git_url"] + "/issues",
                  "Changelog": f"{cfg['git_url']}/blob/{cfg['branch']}/CHANGELOG.md"},
    classifiers=["Development Status :: 3 - Alpha", "Intended Audience :: Developers", "Intended Audience :: Science/Research",
                 *(f"Programming Language :: Python :: {version}" for version in ("3", "3.11", "3.12", "3.13")), "Topic :: Scientific/Engineering :: Image Recognition", "Typing :: Typed"],
    license="Apache-2.0; networks in agegender/weights under the licences beside them",
    packages=find_packages(include=["agegender", "agegender.*"]),
    python_requires=">=" + cfg["min_python"],
    install_requires=cfg["requirements"].split(),
    extras_require=extras,
    package_data={"agegender": ["py.typed", "weights/*"]},  # py.typed tells type checkers that the library has types
    license_files=["LICENSE", "NOTICE", "agegender/weights/*.LICENSE"],  # the code's, and one for each network that comes along
    entry_points={
        "console_scripts": cfg["console_scripts"].split(),
        "nbdev": [f"{cfg['lib_name']}={cfg['lib_name']}._modidx:d"],
    },
    zip_safe=False,
)
