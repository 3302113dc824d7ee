"""The network that comes with the package, from a trained run: python .ci/ship.py RUN DATA

Writes agegender/weights/face.safetensors (half precision), face.onnx (the same numbers) and face.md, its card.
RUN is a folder as `agegender_run` and `agegender_submit` leave it; DATA, the folder that it was trained on, measures the ONNX file.
"""
import sys
from pathlib import Path

from agegender.config import atomic_write
from agegender.export import export_model
from agegender.infer import teacher_names
from agegender.models import model_info, shrink_model

from rules import ROOT

HEAD = """# The network of this package: {arch}, {size} pixels

`face.safetensors` (half precision) and `face.onnx` hold the same numbers. Its labels were those of UTKFace and, for the test \
faces, the mean prediction of other networks ({teachers}; run `{name}` of the leaderboard). Licence: `face.LICENSE`, for \
non-commercial research.
"""


def card(run: Path) -> str:
    "The card of the run under a heading of its own."
    info = model_info(run/"last.safetensors")
    _, _, rest = (run/"last.md").read_text(encoding="utf8").partition("\n")
    teachers = ", ".join(f"`{name}`" for name in teacher_names(info))
    return HEAD.format(arch=info.config.arch, size=info.config.image_size, teachers=teachers, name=info.name) + rest


def main(run: Path, data: Path) -> None:
    weights = ROOT/"agegender"/"weights"
    text = card(run)
    half = shrink_model(run/"last.safetensors", weights/"face.safetensors", keep_keys=True)
    export_model(half, weights/"face.onnx", data=data)
    with atomic_write(weights/"face.md") as part:
        part.write_text(text, encoding="utf8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
