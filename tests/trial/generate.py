#!/usr/bin/python3
"""Runs the generator for the trial service, which stands outside schemas/ and services/: generate.py ROOT OUT."""

import os
import shutil
import subprocess
import sys


def link(target, place):
    os.makedirs(os.path.dirname(place), exist_ok=True)
    os.symlink(target, place)


def main():
    root, out = (os.path.abspath(path) for path in sys.argv[1:3])
    here = os.path.dirname(os.path.abspath(__file__))
    tree = os.path.join(out, "trial.tree")
    shutil.rmtree(tree, ignore_errors=True)
    for name in os.listdir(os.path.join(root, "schemas")):
        link(os.path.join(root, "schemas", name), os.path.join(tree, "schemas", name))
    link(os.path.join(here, "schemas"), os.path.join(tree, "schemas", "trial"))
    link(os.path.join(here, "source"), os.path.join(tree, "schemas", "source"))
    link(here, os.path.join(tree, "services", "trial"))
    subprocess.run([sys.executable, "-B", os.path.join(root, "schemas", "gen", "generate.py"), "--schemas",
                    os.path.join(tree, "schemas"), "--services", os.path.join(tree, "services"), "--common",
                    os.path.join(root, "common", "service"), "--output", out, "--service", "trial"], check=True)


main()
