"""Pictures of our web pages, each from a real run in a real browser:

    python .ci/screenshots.py demo MODEL [PHOTO]
    python .ci/screenshots.py runs [PROJECT]        # of the folder TRACKIO_DIR, by default ./trackio

Needs `pip install playwright`, and Chromium: a system's, or that of `playwright install chromium`.
"""
import contextlib, io, os, shutil, socket, subprocess, sys, tempfile, time, urllib.request
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from PIL import Image

ROOT = Path(__file__).parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

class Missing(Exception): "There is no playwright or no Chromium."


@contextlib.contextmanager
def served(command, url, env=None, seconds=300):
    "Run a server, wait until it responds, end it."
    output = tempfile.TemporaryFile("w+")  # a pipe that no one reads would fill up and stop it
    process = subprocess.Popen(command, env=env, stdout=output, stderr=subprocess.STDOUT)
    try:
        for _ in range(10*seconds):
            if process.poll() is not None:
                output.seek(0)
                raise RuntimeError(f"the server ended:\n{output.read()}")
            with contextlib.suppress(OSError):
                urllib.request.urlopen(url, timeout=5).close()
                break
            time.sleep(.1)
        else: raise TimeoutError(f"no response from {url} in {seconds} s")
        yield process
    finally:
        process.terminate()
        try: process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        output.close()


@contextlib.contextmanager
def open_page(url, width=1280, height=800, options=(), scale=1):
    "A page in Chromium; `page.requested` lists the addresses that it requested. Raises Missing."
    try: from playwright.sync_api import Error, sync_playwright
    except ImportError: raise Missing("pip install playwright") from None
    quiet = "--disable-background-networking --disable-component-update --disable-sync --no-first-run --disable-quic".split()
    with sync_playwright() as p:
        try: browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *quiet, *options])
        except Error as e: raise Missing(f"Chromium does not start: {str(e).splitlines()[0]}") from None
        try:
            page = browser.new_context(viewport=dict(width=width, height=height), accept_downloads=True,
                                       device_scale_factor=scale).new_page()
            page.set_default_timeout(120_000)
            page.requested = []
            page.on("request", lambda r: page.requested.append(r.url))
            page.goto(url)
            yield page
        finally: browser.close()


def shrink(file):
    "A picture in 256 colours, a third of the size."
    with Image.open(file) as im: small = im.convert("RGB").quantize(256)
    small.save(file, optimize=True)


def demo_command(model, port):
    "The command that serves the demo page."
    return [sys.executable, "-c", "from agegender.demo import demo_main; demo_main()", str(model), "--port", str(port)]


def upload(page, files):
    "Click on the upload field, choose files, wait for the result."
    with page.expect_file_chooser() as chooser: page.get_by_text("Click to Upload").first.click()
    before = page.locator("#result").inner_html()
    chooser.value.set_files([str(f) for f in files])
    page.wait_for_function(r"""before => {
        const now = document.querySelector('#result')
        return now.innerHTML != before && /^\d+ faces? in/.test(now.innerText.trim())}""", arg=before)


def two_faces(file):
    "Grace Hopper (with matplotlib) and Eileen Collins (with scikit-image), side by side."
    import matplotlib.cbook, skimage.data
    both = Image.new("RGB", (1024, 600), "white")
    both.paste(Image.open(matplotlib.cbook.get_sample_data("grace_hopper.jpg")), (0, 0))
    both.paste(Image.fromarray(skimage.data.astronaut()), (512, 44))
    both.save(file)


def demo(model, photo=None, out=ROOT/"nbs/images/demo.png"):
    "The demo page with two faces."
    with tempfile.TemporaryDirectory() as tmp:
        if not photo: two_faces(photo := Path(tmp)/"two.png")
        env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        url = "http://127.0.0.1:7988"
        with served(demo_command(model, 7988), url, env), open_page(url, 1280, 690) as page:
            page.wait_for_selector("#result")
            upload(page, [photo])
            page.mouse.move(0, 0)
            page.wait_for_timeout(800)
            page.screenshot(path=out)
    shrink(out)


SERVER = ("import sys, trackio; trackio.show(project=sys.argv[1], server_port=int(sys.argv[2]), host='127.0.0.1', "
          "share=False, open_browser=False, block_thread=True)")


def coloured(element)->int:
    "Pixels of a page's element that are neither white nor grey: those of curves."
    pixels = np.array(Image.open(io.BytesIO(element.screenshot())).convert("RGB")).astype(int)
    return int((np.ptp(pixels, axis=2) > 60).sum())


@contextlib.contextmanager
def dashboard(home, project, metrics, width=1200, height=480, **view):
    "The dashboard of the runs in a folder, served on a free port of this machine, once its curves are shown."
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    env = os.environ | dict(TRACKIO_DIR=str(home), TRACKIO_PLOT_ORDER="score,rmse,macro_f1,loss")
    url, view = f"http://127.0.0.1:{port}/", dict(project=project, metric_filter=metrics, smoothing=0) | view
    with (served([sys.executable, "-c", SERVER, project, str(port)], url + "version", env),
          open_page(url + "?" + urlencode(view), width, height, scale=1.5) as page):
        charts, until = page.locator(".plot canvas"), time.time() + 60
        charts.first.wait_for()
        while not coloured(charts.last) and time.time() < until: page.wait_for_timeout(200)
        yield page


def runs(project="agegender", out=ROOT/"nbs/images/runs.png"):
    "The dashboard with the newest run of each name: score, age error and gender F1."
    home = os.environ.setdefault("TRACKIO_DIR", "trackio")
    import trackio
    newest = {r.name: r.id for r in trackio.Api().runs(project)}
    with dashboard(home, project, "^(score|rmse|macro_f1)$", plots_per_row=3, accordion="hidden",
                   run_ids=",".join(newest.values())) as page:
        page.screenshot(path=out)
    shrink(out)


if __name__ == "__main__":
    pages = dict(demo=demo, runs=runs)
    if sys.argv[1:2] == ["demo"] and len(sys.argv) < 3 or not sys.argv[1:] or sys.argv[1] not in pages:
        raise SystemExit(__doc__)
    pages[sys.argv[1]](*sys.argv[2:])
