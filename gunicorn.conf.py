"""How the web server runs; every value comes from the settings."""

from config import Settings

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
