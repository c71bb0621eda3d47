"""A perceptron with tanh and cross-entropy, and its gradient by hand, in NumPy: what `digits` trains."""
import numpy as np


def layers(weights):
    """The names of the layers, nearest the input first."""
    return sorted({name.split("/")[0] for name in weights})


def gradient(weights, inputs, classes):
    """The mean loss of examples and its gradient, by name."""
    names, activations = layers(weights), [inputs]
    for name in names:
        linear = activations[-1] @ weights[f"{name}/weight"] + weights[f"{name}/bias"]
        activations.append(linear if name == names[-1] else np.tanh(linear))
    shifted = activations[-1] - activations[-1].max(axis=1, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(classes))
    loss = -logarithms[rows, classes].mean()
    back = np.exp(logarithms)
    back[rows, classes] -= 1
    back /= len(classes)
    slopes = {}
    for name, below, above in reversed(list(zip(names, activations, activations[1:]))):
        if name != names[-1]:
            back = back * (1 - above * above)
        slopes[f"{name}/weight"], slopes[f"{name}/bias"] = below.T @ back, back.sum(axis=0)
        back = back @ weights[f"{name}/weight"].T
    return loss, slopes


def group(arrays, prefix):
    """The arrays below a prefix, by the rest of their names."""
    return {name[len(prefix):]: arrays[name] for name in arrays.files if name.startswith(prefix)}


def difference(found, expected):
    """The greatest difference over the greatest magnitude, tensor by tensor, at most."""
    assert found.keys() == expected.keys(), (found.keys(), expected.keys())
    return max(float(abs(found[name] - expected[name]).max() / abs(expected[name]).max())
               for name in expected)
