"""
Writes a training's averaged weights as a model of the hub's layout:

    python3 training/export.py WORK/NAME.pt models/tiny-clip

Weights are stored as 16-bit floats and computed with as 32-bit ones.
"""
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from augment import DEVIATION, MEAN
from model import DIMENSIONS, ImageTower, TextTower
from tokenizer import CONTEXT, Tokenizer, tokenizer_json

OPSET = 14
# Tensors of fewer numbers stay 32-bit floats: there is nothing to be saved.
SMALL = 256


class Mirrored(nn.Module):
    """The mean of a picture and its mirror image, which find a little more than either."""

    def __init__(self, tower):
        super().__init__()
        self.tower = tower

    def forward(self, pixel_values):
        return (self.tower(pixel_values) + self.tower(pixel_values.flip(3))) / 2


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    saved = torch.load(source)
    tokenizer = Tokenizer(saved["merges"])
    image_tower, text_tower = ImageTower(), TextTower(len(tokenizer), CONTEXT)
    for tower, prefix in ((image_tower, "0."), (text_tower, "1.")):
        weights = {name[2:]: value for name, value in saved["averaged"].items() if name.startswith(prefix)}
        tower.load_state_dict(weights)
        tower.eval()
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    side = saved["side"]
    pictures = torch.zeros(2, 3, side, side)
    names = ("pixel_values", "image_embeds")
    write_tower(folder / "onnx/vision_model.onnx", Mirrored(image_tower), pictures, names, {0: "batch"})
    text = torch.tensor([tokenizer.encode("a")])
    names = ("input_ids", "text_embeds")
    write_tower(folder / "onnx/text_model.onnx", text_tower, text, names, {0: "batch", 1: "length"})
    whole, config = tokenizer_json(tokenizer)
    (folder / "tokenizer.json").write_text(whole, encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(config)
    write_json(folder / "config.json", model_config(side, tokenizer, text_tower))
    write_json(folder / "preprocessor_config.json", preprocessing(side))


def write_tower(path, tower, example, names, axes):
    """`names` of input and output; `axes` of the input are of any length, and the first one of the output."""
    given, made = names
    with tempfile.NamedTemporaryFile() as file:
        torch.onnx.export(
            tower, example, file.name, input_names=[given], output_names=[made], opset_version=OPSET,
            dynamic_axes={given: axes, made: {0: "batch"}},
        )  # fmt: skip
        model = onnx.load(file.name)
    halve(model.graph)
    model.producer_name, model.producer_version = "lookalike", ""
    onnx.checker.check_model(model)
    onnx.save(model, path)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


def halve(graph):
    """Stores large weights as 16-bit floats, each with a node that makes 32-bit ones of it when the model is loaded."""
    for weights in [*graph.initializer]:
        values = numpy_helper.to_array(weights)
        if values.dtype != np.float32 or values.size < SMALL:
            continue
        halved = f"{weights.name}.half"
        graph.node.insert(0, helper.make_node("Cast", [halved], [weights.name], to=TensorProto.FLOAT))
        weights.CopyFrom(numpy_helper.from_array(values.astype(np.float16), halved))


def model_config(side, tokenizer, text_tower):
    return {
        "architectures": ["CLIPModel"],
        "model_type": "clip",
        "projection_dim": DIMENSIONS,
        "vision_config": {"model_type": "clip_vision_model", "image_size": side},
        "text_config": {
            "model_type": "clip_text_model",
            "vocab_size": len(tokenizer),
            "max_position_embeddings": CONTEXT,
            "hidden_size": text_tower.tokens.embedding_dim,
            "num_hidden_layers": len(text_tower.layers),
            "num_attention_heads": text_tower.layers[0].heads,
            "bos_token_id": len(tokenizer) - 2,
            "eos_token_id": len(tokenizer) - 1,
        },
    }


def preprocessing(side):
    """Pictures are stretched to a square: of a high one, nothing is cut off."""
    return {
        "image_processor_type": "CLIPImageProcessor",
        "feature_extractor_type": "CLIPFeatureExtractor",
        "do_resize": True,
        "size": {"height": side, "width": side},
        "resample": 3,
        "do_center_crop": False,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "do_convert_rgb": True,
        "image_mean": MEAN,
        "image_std": DEVIATION,
    }


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")


if __name__ == "__main__":
    main()
