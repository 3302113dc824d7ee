"""Pictures of our web pages, each from a real run: python .ci/screenshots.py demo MODEL [PHOTO]

Needs Chromium, and `pip install playwright` (which drives it and brings no browser of its own here).
"""
import contextlib, os, shutil, subprocess, sys, tempfile, time, urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextlib.contextmanager
def served(command, url, env=None, seconds=300):
    "Run a server, wait until it answers, end it."
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for _ in range(10*seconds):
            if process.poll() is not None: raise RuntimeError(f"the server ended:\n{process.stdout.read()}")
            with contextlib.suppress(OSError): urllib.request.urlopen(url, timeout=5).close(); break
            time.sleep(.1)
        else: raise TimeoutError(f"no answer from {url} in {seconds} s")
        yield process
    finally:
        process.terminate()
        try: process.wait(20)
        except subprocess.TimeoutExpired: process.kill(); process.wait()
        process.stdout.close()


@contextlib.contextmanager
def open_page(url, width=1280, height=800, options=()):
    "A page in Chromium; `page.asked` lists the addresses that it asked for."
    from playwright.sync_api import sync_playwright
    quiet = "--disable-background-networking --disable-component-update --disable-sync --no-first-run --disable-quic".split()
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *quiet, *options])
        try:
            page = browser.new_context(viewport=dict(width=width, height=height), accept_downloads=True).new_page()
            page.set_default_timeout(120_000); page.asked = []
            page.on("request", lambda r: page.asked.append(r.url))
            page.goto(url); yield page
        finally: browser.close()


def shrink(file):
    "A picture in 256 colours, a third of the size."
    from PIL import Image
    with Image.open(file) as im: small = im.convert("RGB").quantize(256)
    small.save(file, optimize=True)


def demo_command(model, port):
    "The command that serves the demo page."
    return [sys.executable, "-c", "from agegender.demo import demo_main; demo_main()", str(model), "--port", str(port)]


def upload(page, files):
    "Click on the upload field, choose files, wait for the answer."
    with page.expect_file_chooser() as chooser: page.get_by_text("Click to Upload").first.click()
    before = page.locator("#answer").inner_html()
    chooser.value.set_files([str(f) for f in files])
    page.wait_for_function(r"""before => {
        const now = document.querySelector('#answer')
        return now.innerHTML != before && /^\d+ faces? in/.test(now.innerText.trim())}""", arg=before)


def two_faces(file):
    "Grace Hopper (with matplotlib) and Eileen Collins (with scikit-image), side by side."
    import matplotlib.cbook, skimage.data
    from PIL import Image
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
            page.wait_for_selector("#answer"); upload(page, [photo])
            page.mouse.move(0, 0); page.wait_for_timeout(800); page.screenshot(path=out)
    shrink(out)


if __name__ == "__main__":
    pages = dict(demo=demo)
    if len(sys.argv) < 3 or sys.argv[1] not in pages: raise SystemExit(__doc__)
    pages[sys.argv[1]](*sys.argv[2:])
