"""How the web server runs; every value comes from the settings."""

import gc
from threading import Timer

from config import Settings

AFTER = 1.5  # seconds: sooner it would take the processor from the first page

gc.disable()  # until the worker has loaded: looking for garbage meanwhile is a tenth of the start

_settings = Settings.from_environment()

bind = f"{_settings.bind}:{_settings.port}"
workers = _settings.web_processes
worker_class = "gthread"
threads = _settings.web_threads
timeout = 60
graceful_timeout = 5
keepalive = 20
preload_app = False
accesslog = None
loglevel = "warning"
proc_name = "ward-web"
worker_tmp_dir = None
control_socket_disable = True


def post_worker_init(_worker):
    """Build what the first submission would otherwise wait half a second for, after the first page."""
    later = Timer(AFTER, _warm_up)
    later.daemon = True
    later.start()


def _warm_up():
    from feedback.text import normal_phone
    from feedback.triage.suggest import suggest

    suggest("đèn đường hỏng")
    normal_phone("0912345678")
    gc.collect()
    gc.freeze()  # what is loaded stays: looking through it for garbage held all threads for 0.1 s
    gc.enable()
