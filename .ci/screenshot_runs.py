"""A picture of the tracker's dashboard with several runs side by side, taken in a real browser.

    TRACKIO_DIR=trackio python .ci/screenshot_runs.py [PROJECT] [FILE]      # agegender nbs/images/runs.png

Needs `pip install playwright`, and Chromium: a system's, or that of `playwright install chromium`.
"""
import io, os, shutil, socket, subprocess, sys, time, urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from PIL import Image

class Missing(Exception): "There is no playwright or no Chromium."

SERVER = ("import sys, trackio; trackio.show(project=sys.argv[1], server_port=int(sys.argv[2]), host='127.0.0.1', "
          "share=False, open_browser=False, block_thread=True)")

def coloured(element)->int:
    "Pixels of a page's element that are neither white nor grey: those of curves."
    pixels = np.array(Image.open(io.BytesIO(element.screenshot())).convert("RGB")).astype(int)
    return int((np.ptp(pixels, axis=2) > 60).sum())

@contextmanager
def dashboard(home, project, metrics, width=1200, height=480, **view):
    """Serve the dashboard of the runs in a folder on a free port of this machine, and open it.

    Yields the page, once its curves are drawn, and the list of addresses that it has asked for.
    """
    try: from playwright.sync_api import Error, sync_playwright
    except ImportError: raise Missing("pip install playwright") from None
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with socket.socket() as s: s.bind(("127.0.0.1", 0)); port = s.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, project, str(port)], stdout=subprocess.DEVNULL,
        env=os.environ | dict(TRACKIO_DIR=str(home), TRACKIO_PLOT_ORDER="score,rmse,macro_f1,loss"))
    try:
        with sync_playwright() as p:
            try: browser = p.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            except Error as e: raise Missing(f"Chromium does not start: {str(e).splitlines()[0]}") from None
            until, url = time.time() + 60, f"http://127.0.0.1:{port}/"
            while True:
                try: urllib.request.urlopen(url + "version", timeout=5).close(); break
                except OSError:
                    if server.poll() is not None or time.time() > until: raise
                    time.sleep(.2)
            page, asked = browser.new_page(viewport=dict(width=width, height=height), device_scale_factor=1.5), []
            page.on("request", lambda r: asked.append(r.url))
            page.goto(url + "?" + urlencode(dict(project=project, metric_filter=metrics, smoothing=0) | view))
            charts = page.locator(".plot canvas")
            charts.first.wait_for(timeout=60_000)
            while not coloured(charts.last) and time.time() < until: page.wait_for_timeout(200)
            yield page, asked
            browser.close()
    finally:
        server.terminate(); server.wait(20)

def screenshot(home, project="agegender", file="nbs/images/runs.png"):
    "The newest run of each name: score, age error and gender F1."
    os.environ["TRACKIO_DIR"] = str(home)
    import trackio
    newest = {r.name: r.id for r in trackio.Api().runs(project)}
    with dashboard(home, project, "^(score|rmse|macro_f1)$", plots_per_row=3, accordion="hidden",
                   run_ids=",".join(newest.values())) as (page, _):
        page.screenshot(path=file)
    Image.open(file).convert("P", palette=Image.ADAPTIVE, colors=128).save(file, optimize=True)
    print(f"{file}: {Path(file).stat().st_size/1000:.0f} kB, runs {', '.join(newest)}")

if __name__ == "__main__": screenshot(os.environ.get("TRACKIO_DIR", "trackio"), *sys.argv[1:])
