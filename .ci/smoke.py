"""Does an installed agegender work? On any system, outside a clone, without a network: python .ci/smoke.py [MODEL.onnx]

With the extra `photos` alone it finds faces (and predicts, given an exported model). With `train` it also trains a small
network on synthetic faces, predicts with it and checks the submission.
"""
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import numpy as np


def command(name, *args):
    "Run one of the installed commands as a user would."
    program = shutil.which(name, path=sysconfig.get_path("scripts"))  # on Windows it ends in .exe
    done = subprocess.run([program, *map(str, args)], capture_output=True, text=True, encoding="utf8")
    assert done.returncode == 0, f"{name}: {done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def look_at_photos(model=None):
    "Find the faces in a picture that holds none; predict a square with a given network, or that of the package."
    from agegender import find_faces
    from agegender.light import load_predictor, shipped_model
    assert len(find_faces(np.full((240, 320, 3), 127, "uint8")).boxes) == 0
    try:
        network = load_predictor(model or shipped_model())
    except FileNotFoundError as e:
        print(e)
        return
    table = network.predict_squares(np.full((2, 3, network.size, network.size), 127, "uint8"))
    assert table.age.between(0, 120).all() and table.gender.isin([0, 1]).all()
    print(table.to_string())


def train_and_predict(folder):
    "A small network on synthetic faces: train, submit, predict; then predict in Python."
    from agegender import predict, synthetic_faces
    data = synthetic_faces(folder/"faces", n_train=60, n_test=10, size=48)
    command("agegender_run", "--data", data, "--output", folder, "--name", "smoke", "--preset", "quick", "--epochs", 1, "--image-size", 32)
    model, csv = folder/"runs"/"smoke"/"last.safetensors", next((folder/"submissions").glob("*smoke*.csv"))
    assert len(csv.read_text(encoding="utf8").splitlines()) == 11, csv
    table = predict(model, data/"test")
    assert len(table) == 10 and table.ok.all() and table.age.between(0, 120).all()
    print(table[["id", "age", "gender", "p_male"]].head(3).to_string())


def main():
    import agegender
    print("agegender", agegender.__version__, "in", Path(agegender.__file__).parent, "Python", sys.version.split()[0], sys.platform)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as tmp:
        os.environ.update(AGEGENDER_CACHE=f"{tmp}/cache", TRACKIO_DIR=f"{tmp}/trackio", TQDM_DISABLE="1", PYTHONIOENCODING="utf8")
        if importlib.util.find_spec("onnxruntime"):
            look_at_photos(*sys.argv[1:2])
        if importlib.util.find_spec("torch"):
            train_and_predict(Path(tmp))
    print("smoke test passed")


if __name__ == "__main__":
    main()
