"""Compiles the shipped packs when a wheel is built, so that no start has to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilePacks(BuildHookInterface[BuilderConfig]):
    """Puts ``mbncheck/pack/shipped/ID.json`` beside the code for every folder of ``rules/``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every pack of the source tree; an error in a rule stops the build."""
        root = Path(self.root)
        sys.path.insert(0, str(root))
        try:
            from mbncheck.pack.compile import compile_pack
            from mbncheck.pack.compiled import save_compiled, shipped_path
            from mbncheck.pack.load import load_pack

            for left_over in (root / "mbncheck" / "pack" / "shipped").glob("*.json"):
                left_over.unlink()
            for about in sorted((root / "rules").glob("*/pack.yaml")):
                save_compiled(compile_pack(load_pack(about.parent)), shipped_path(about.parent))
        finally:
            sys.path.remove(str(root))
