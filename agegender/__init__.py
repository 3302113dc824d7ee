__version__ = "0.1.0"

# Written by hand; nbdev renews the first line only. A name is imported from its module when it is first used, so that
# `import agegender` loads neither torch nor pandas.
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the same names, for type checkers and editors
    from .backbones import register_backbone as register_backbone
    from .config import Config as Config, RunInfo as RunInfo, show_messages as show_messages, starting_config as starting_config
    from .data import find_data as find_data, load_faces as load_faces, read_faces as read_faces
    from .detect import Detector as Detector, Faces as Faces, align as align, find_faces as find_faces
    from .distill import distill_faces as distill_faces
    from .finetune import train_faces as train_faces
    from .images import decode_face as decode_face, read_image as read_image
    from .infer import Predictor as Predictor, check_submission as check_submission, hold_out as hold_out
    from .infer import out_of_fold as out_of_fold, predict as predict, predict_files as predict_files, submit as submit
    from .infer import submit_average as submit_average
    from .mistakes import error_page as error_page, show_errors as show_errors
    from .models import build_model as build_model, load_model as load_model, model_info as model_info
    from .models import save_model as save_model
    from .photos import analyze as analyze, analyze_files as analyze_files, analyze_stream as analyze_stream, annotate as annotate
    from .synthetic import synthetic_faces as synthetic_faces
    from .train import Callback as Callback, Learner as Learner, fit_faces as fit_faces

_MODULES = {
    "images": ["decode_face", "read_image"],
    "config": ["Config", "RunInfo", "show_messages", "starting_config"],
    "synthetic": ["synthetic_faces"],
    "data": ["find_data", "load_faces", "read_faces"],
    "detect": ["Detector", "Faces", "align", "find_faces"],
    "backbones": ["register_backbone"],
    "models": ["build_model", "load_model", "model_info", "save_model"],
    "train": ["Callback", "Learner", "fit_faces"],
    "finetune": ["train_faces"],
    "distill": ["distill_faces"],
    "photos": ["analyze", "analyze_files", "analyze_stream", "annotate"],
    "infer": ["Predictor", "check_submission", "hold_out", "out_of_fold", "predict", "predict_files", "submit", "submit_average"],
    "mistakes": ["error_page", "show_errors"],
}
_NAMES = {name: module for module, names in _MODULES.items() for name in names}
__all__ = list(_NAMES)


def __getattr__(name: str) -> Any:
    "Import a public name on first use. Raises ImportError with the install command if a package is missing."
    if name not in _NAMES:
        raise AttributeError(f"module 'agegender' has no attribute '{name}'")
    try:
        module = import_module(f"agegender.{_NAMES[name]}")
    except ModuleNotFoundError as e:
        if not e.name or e.name.startswith("agegender"):
            raise
        extra = "photos" if _NAMES[name] in ("detect", "photos") else "train"
        import_module("agegender.config").need(extra, e.name.split(".")[0])
        raise
    return getattr(module, name)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
