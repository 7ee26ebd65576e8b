"""Writes the golden files: python make.py [--out DIR] [NAME ...], all of them by default, into test/golden.

With --list it writes nothing and prints their names.
"""

import argparse
import os
from pathlib import Path

import jax

from activations import activations_golden
from confidence import confidence_golden
from curvature_forms import curvature_forms_golden
from distillation import distillation_golden
from facts import facts, hidden
from golden_json import golden_json, tensor
from kernels import kernels_golden
from layer_cases import FAMILIES
from layer_golden import layer_golden
from loss_table import loss_golden
from low_rank import low_rank_golden
from nested import nested_golden
from networks import NETWORKS
from penalty_matrices import penalty_matrices_golden
from rank_family import rank_family_golden
from sam_family import sam_family_golden
from transformer import transformer_golden
from wide import wide_golden


def network_golden(network):
    return {
        "name": network.name,
        "layers": network.layers,
        "hidden": hidden(network),
        "loss": network.loss,
        "x": tensor(network.x),
        "y": tensor(network.y),
        "params": {name: tensor(values) for name, values in network.params.items()},
        "constants": {name: tensor(values) for name, values in network.constants.items()},
        "v": tensor(network.v),
        "u": tensor(network.u),
        "expected": {mode: facts(network, mode) for mode in network.modes},
    }


GOLDENS = {
    **{name: lambda made=made: network_golden(made()) for name, made in NETWORKS.items()},
    "activations": activations_golden,
    "confidence": confidence_golden,
    "curvature-forms": curvature_forms_golden,
    "distillation": distillation_golden,
    "losses": loss_golden,
    "nested": nested_golden,
    "kernels": kernels_golden,
    "penalty-matrices": penalty_matrices_golden,
    "rank-family": rank_family_golden,
    "sam-family": sam_family_golden,
    "transformer": transformer_golden,
    "wide": wide_golden,
    "low-rank": low_rank_golden,
    **{f"layers-{name}": lambda cases=cases: layer_golden(cases()) for name, cases in FAMILIES.items()},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(GOLDENS)}")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "golden")
    parser.add_argument("--list", action="store_true", help="print the names, one a line")
    arguments = parser.parse_args()
    if arguments.list:
        print(*GOLDENS, sep="\n")
        return
    os.environ["XLA_FLAGS"] = "--xla_backend_optimization_level=0"  # Compiling is what takes the time.
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or GOLDENS:
        text = golden_json(GOLDENS[name]()) + "\n"
        (arguments.out / f"{name}.json").write_text(text)
        print(f"{name}.json {len(text)} bytes")


if __name__ == "__main__":
    main()
