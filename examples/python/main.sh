#!/bin/sh
# Runs the app, in an environment that the first run creates.
set -e
if [ ! -d .venv ]; then
  python3 -m venv .venv
  .venv/bin/pip install --quiet cdktf-fleet-tls -r requirements.txt || { rm -r .venv; exit 1; }
fi
exec .venv/bin/python main.py
