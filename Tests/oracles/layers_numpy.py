"""Lists of layers with derivatives written out by hand, for check_cases.py; nothing of the generator's.

Every layer is a method that takes its inputs and gives its answers and `back`, a function from the
gradient of the answers to that of the inputs, which leaves the gradients of its tensors in
`self.gradients`. All arithmetic is complex; what is compared are real parts.
"""

import math

import numpy as np

C = np.complex128


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# Pairs (value, derivative).

def silu(x):
    s = sigmoid(x)
    return x * s, s + x * s * (1 - s)


def elu(x):
    e = np.exp(np.where(x.real > 0, 0, x))
    return np.where(x.real > 0, x, e - 1), np.where(x.real > 0, 1, e)


def exact_gelu(x):
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    # To first order in an imaginary part, which is tiny: the error function has no complex form here.
    below = np.vectorize(lambda a: 0.5 * math.erfc(-a / math.sqrt(2)))(x.real) + 1j * x.imag * density.real
    return x * below, below + x * density


FURTHER_ACTIVATIONS = {
    "exactGelu": exact_gelu,
    "sin": lambda x: (np.sin(x), np.cos(x)),
    "silu": silu,
    "elu": elu,
    "leakyRelu": lambda x: (np.where(x.real > 0, x, x / 100), np.where(x.real > 0, 1, 0.01)),
}

# What the number or list of a short form sets; a word alone is a layer without further settings.
FIRST = dict(dense="units", convolution="filters", activation="function", maxPool="size", averagePool="size",
             batchNorm="running", groupNorm="groups", dropout="rate", embedding="features", attention="heads",
             gru="units", lstm="units", residual="layers", repeat="times")


class LayeredNetwork:
    """Like check_cases.Network, for lists of layers."""

    def __init__(self, spec, activations):
        self.spec, self.activations = spec, activations | FURTHER_ACTIVATIONS
        flat = [] if spec.get("per_position") else ["flatten"]
        self.layers = [*spec["layers"], *flat, {"dense": spec["outputs"]}]

    def run(self, w, x, state, masks, training):
        """The answers, and the function from their gradient to the gradients of all tensors."""
        self.w, self.state, self.training = w, dict(state), training
        self.masks, self.number, self.gradients = iter(masks), 0, {}
        y, back = self.sequence_of(self.layers, x)

        def gradients(d):
            back(d)
            return self.gradients

        return y, gradients

    def sequence_of(self, layers, x):
        backs = []
        for layer in layers:
            if isinstance(layer, str):
                layer = {"kind": layer}
            if "kind" in layer:
                kind, settings = layer["kind"], {k: v for k, v in layer.items() if k != "kind"}
            else:
                kind = [k for k in layer if k in FIRST][0]
                settings = {(FIRST[kind] if k == kind else k): v for k, v in layer.items()}
            x, back = getattr(self, kind)(x, **settings)
            backs.append(back)

        def whole(d):
            for back in reversed(backs):
                d = back(d)
            return d

        return x, whole

    def name(self, kind):
        self.number += 1
        return f"{self.number - 1:03d}_{kind}"

    def add(self, path, gradient):
        self.gradients[path] = gradient.reshape(self.w[path].shape)

    # Layers of layers

    def repeat(self, x, times=2, layers=()):
        return self.sequence_of(list(layers) * times, x)

    def residual(self, x, layers=(), shortcut=()):
        kept, kept_back = self.sequence_of(shortcut, x)
        branch, branch_back = self.sequence_of(layers, x)
        return kept + branch, lambda d: kept_back(d) + branch_back(d)

    # Affine layers

    def affine(self, x, weight, bias):
        """Of rows, whatever axes the weight has for what it reads and for what it gives."""
        w = self.w[weight].reshape(x.shape[-1], -1)
        rows = x.reshape(-1, x.shape[-1])
        y = (rows @ w + self.w[bias].ravel()).reshape(*x.shape[:-1], -1)

        def back(d):
            flat = d.reshape(len(rows), -1)
            self.add(weight, rows.T @ flat)
            self.add(bias, flat.sum(0))
            return (flat @ w.T).reshape(x.shape)

        return y, back

    def dense(self, x, units):
        name = self.name("dense")
        return self.affine(x, f"{name}/weight", f"{name}/bias")

    def convolution(self, x, filters, size=3, stride=1, padding="same", groups=1):
        name = self.name("convolution")
        kernel, edge = self.w[f"{name}/weight"], size // 2 if padding == "same" else 0
        n, height, width, depth = x.shape
        padded = np.zeros((n, height + 2 * edge, width + 2 * edge, depth), C)
        inside = np.s_[:, edge : edge + height, edge : edge + width]
        padded[inside] = x
        rows, columns = ((k + 2 * edge - size) // stride + 1 for k in (height, width))
        read, given = depth // groups, filters // groups
        places = [(np.s_[:, i : i + rows * stride : stride, j : j + columns * stride : stride], i, j)
                  for i in range(size) for j in range(size)]
        places = [(place + (np.s_[g * read : (g + 1) * read],), i, j, np.s_[g * given : (g + 1) * given])
                  for place, i, j in places for g in range(groups)]
        # The last place's stop may lie behind the image, where slices end by themselves: cut to size.
        cut = lambda view: view[:, :rows, :columns]
        y = np.zeros((n, rows, columns, filters), C) + self.w[f"{name}/bias"]
        for place, i, j, outs in places:
            y[..., outs] += cut(padded[place]) @ kernel[i, j][:, outs]

        def back(d):
            dk, dx = np.zeros_like(kernel), np.zeros_like(padded)
            for place, i, j, outs in places:
                dk[i, j][:, outs] = np.tensordot(cut(padded[place]), d[..., outs], ([0, 1, 2], [0, 1, 2]))
                cut(dx[place])[...] += d[..., outs] @ kernel[i, j][:, outs].T
            self.add(f"{name}/weight", dk)
            self.add(f"{name}/bias", d.sum((0, 1, 2)))
            return dx[inside]

        return y, back

    # Normalizations

    def scaled(self, name, z, normal_back):
        scale = self.w[f"{name}/scale"]
        over = tuple(range(z.ndim - 1))
        offset = f"{name}/offset"

        def back(d):
            self.add(f"{name}/scale", (d * z).sum(over))
            if offset in self.w:
                self.add(offset, d.sum(over))
            return normal_back(d * scale)

        return z * scale + (self.w[offset] if offset in self.w else 0), back

    def standard(self, x, axes):
        """Mean 0 and variance 1 over axes; also what they were."""
        mean = x.mean(axes, keepdims=True)
        variance = ((x - mean) ** 2).mean(axes, keepdims=True)
        deviation = np.sqrt(variance + 1e-5)
        z = (x - mean) / deviation

        def back(d):
            return (d - d.mean(axes, keepdims=True) - z * (d * z).mean(axes, keepdims=True)) / deviation

        return z, back, mean.ravel(), variance.ravel()

    def batchNorm(self, x, running=None):
        name = self.name("batch_norm")
        paths = f"{name}/running_mean", f"{name}/running_variance"
        if running is not None and not self.training:
            mean, variance = (self.state[path] for path in paths)
            return self.scaled(name, (x - mean) / np.sqrt(variance + 1e-5), None)
        z, back, *found = self.standard(x, tuple(range(x.ndim - 1)))
        if running is not None:
            for path, value in zip(paths, found):
                self.state[path] = (1 - running) * self.state[path] + running * value
        return self.scaled(name, z, back)

    def layerNorm(self, x):
        z, back, *_ = self.standard(x, (x.ndim - 1,))
        return self.scaled(self.name("layer_norm"), z, back)

    def groupNorm(self, x, groups=2):
        grouped = x.reshape(len(x), -1, groups, x.shape[-1] // groups)
        z, back, *_ = self.standard(grouped, (1, 3))
        inner = lambda d: back(d.reshape(grouped.shape)).reshape(x.shape)
        return self.scaled(self.name("group_norm"), z.reshape(x.shape), inner)

    def rmsNorm(self, x):
        size = np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5)
        z = x / size
        back = lambda d: (d - z * (d * z).mean(-1, keepdims=True)) / size
        return self.scaled(self.name("rms_norm"), z, back)

    # Sequences

    def embedding(self, x, features):
        path = f"{self.name('embedding')}/weight"
        tokens = x.real.astype(int)

        def back(d):
            table = np.zeros_like(self.w[path])
            np.add.at(table, tokens.ravel(), d.reshape(-1, d.shape[-1]))
            self.add(path, table)
            return None

        return self.w[path][tokens], back

    def positions(self, x):
        path = f"{self.name('positions')}/weight"

        def back(d):
            self.add(path, d.sum(0))
            return d

        return x + self.w[path], back

    def attention(self, x, heads, causal=False, rotary=False):
        name = self.name("attention")
        n, p, features = x.shape
        units = features // heads
        split = lambda a: a.reshape(n, p, heads, units).transpose(0, 2, 1, 3)
        join = lambda a: a.transpose(0, 2, 1, 3).reshape(n, p, features)
        (q, q_back), (k, k_back), (v, v_back) = (
            self.affine(x, f"{name}/{part}/weight", f"{name}/{part}/bias") for part in ("query", "key", "value"))
        turn = unturn = lambda a: a
        if rotary:
            half = units // 2
            angle = np.arange(p)[:, None] / 10_000 ** (np.arange(half) / half)
            turns = np.zeros((p, units, units))
            for i in range(half):
                turns[:, i, i] = turns[:, i + half, i + half] = np.cos(angle[:, i])
                turns[:, i, i + half], turns[:, i + half, i] = np.sin(angle[:, i]), -np.sin(angle[:, i])
            turn = lambda a: np.einsum("bhpi,pij->bhpj", a, turns)
            unturn = lambda a: np.einsum("bhpj,pij->bhpi", a, turns)
        q, k, v = turn(split(q)), turn(split(k)), split(v)
        scores = q @ k.swapaxes(2, 3) / units**0.5
        e = np.exp(scores - scores.real.max(-1, keepdims=True))
        if causal:
            e = e * (np.arange(p)[:, None] >= np.arange(p))
        a = e / e.sum(-1, keepdims=True)
        y, mix_back = self.affine(join(a @ v), f"{name}/output/weight", f"{name}/output/bias")

        def back(d):
            dm = split(mix_back(d))
            dv, da = a.swapaxes(2, 3) @ dm, dm @ v.swapaxes(2, 3)
            ds = a * (da - (da * a).sum(-1, keepdims=True)) / units**0.5
            dq, dk = unturn(ds @ k), unturn(ds.swapaxes(2, 3) @ q)
            return q_back(join(dq)) + k_back(join(dk)) + v_back(join(dv))

        return y, back

    def recurrent(self, kind, x):
        """Gates' share of the inputs, and how to add up what loops over positions find."""
        name = self.name(kind)
        w, u = f"{name}/input", f"{name}/recurrent"
        inputs, inputs_back = self.affine(x, f"{w}/weight", f"{w}/bias")
        weight, bias = self.w[f"{u}/weight"], self.w[f"{u}/bias"].ravel()
        weight = weight.reshape(len(weight), -1)
        totals = [np.zeros_like(weight), np.zeros_like(bias)]

        def of_answers(h):
            def back(d):
                totals[0] += h.T @ d
                totals[1] += d.sum(0)
                return d @ weight.T

            return h @ weight + bias, back

        def finish(d):
            self.add(f"{u}/weight", totals[0])
            self.add(f"{u}/bias", totals[1])
            return inputs_back(d)

        return inputs, of_answers, finish, np.zeros((len(x), len(weight)), C)

    def gru(self, x, units):
        inputs, of_answers, finish, h = self.recurrent("gru", x)
        steps, answers = [], []
        for t in range(x.shape[1]):
            fed, fed_back = of_answers(h)
            ar, az, an = np.split(inputs[:, t], 3, axis=1)
            ur, uz, un = np.split(fed, 3, axis=1)
            r, z = sigmoid(ar + ur), sigmoid(az + uz)
            new = np.tanh(an + r * un)
            steps.append((h, r, z, new, un, fed_back))
            h = (1 - z) * new + z * h
            answers.append(h)

        def back(d):
            d_inputs, dh = np.zeros_like(inputs), 0
            for t in reversed(range(len(steps))):
                before, r, z, new, un, fed_back = steps[t]
                dh = dh + d[:, t]
                dn = dh * (1 - z) * (1 - new**2)
                dr, dz = dn * un * r * (1 - r), dh * (before - new) * z * (1 - z)
                d_inputs[:, t] = np.concatenate([dr, dz, dn], 1)
                dh = dh * z + fed_back(np.concatenate([dr, dz, dn * r], 1))
            return finish(d_inputs)

        return np.stack(answers, 1), back

    def lstm(self, x, units):
        inputs, of_answers, finish, h = self.recurrent("lstm", x)
        steps, answers, c = [], [], np.zeros_like(h)
        for t in range(x.shape[1]):
            fed, fed_back = of_answers(h)
            i, f, g, o = np.split(inputs[:, t] + fed, 4, axis=1)
            i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
            old, c = c, f * c + i * g
            steps.append((old, c, i, f, g, o, fed_back))
            h = o * np.tanh(c)
            answers.append(h)

        def back(d):
            d_inputs, dh, dc = np.zeros_like(inputs), 0, 0
            for t in reversed(range(len(steps))):
                old, c, i, f, g, o, fed_back = steps[t]
                dh, s = dh + d[:, t], np.tanh(c)
                dc = dc + dh * o * (1 - s * s)
                gates = [dc * g * i * (1 - i), dc * old * f * (1 - f), dc * i * (1 - g * g), dh * s * o * (1 - o)]
                d_inputs[:, t] = np.concatenate(gates, 1)
                dh, dc = fed_back(d_inputs[:, t]), dc * f
            return finish(d_inputs)

        return np.stack(answers, 1), back

    # Layers without weights

    def activation(self, x, function="relu"):
        self.name("activation")
        y, slope = self.activations[function](x)
        return y, lambda d: d * slope

    def dropout(self, x, rate=0.1):
        self.name("dropout")
        factor = next(self.masks) / (1 - rate) if self.training else 1.0
        return x * factor, lambda d: d * factor

    def squares(self, x, size, weights_of):
        n, h, w, depth = x.shape
        rows, columns = h // size, w // size
        views = [x[:, i : rows * size : size, j : columns * size : size] for i in range(size) for j in range(size)]
        shares = weights_of(np.stack(views))

        def back(d):
            whole = np.zeros(x.shape, C)
            for k, share in enumerate(shares):
                i, j = divmod(k, size)
                whole[:, i : rows * size : size, j : columns * size : size] = d * share
            return whole

        return sum(view * share for view, share in zip(views, shares)), back

    def maxPool(self, x, size=2):
        self.name("maxPool")
        return self.squares(x, size, lambda v: np.arange(len(v))[:, None, None, None, None] == v.real.argmax(0))

    def averagePool(self, x, size=2):
        self.name("averagePool")
        return self.squares(x, size, lambda v: np.full(v.shape, 1 / len(v)))

    def reshaped(self, kind, x, *shape):
        self.name(kind)
        return x.reshape(shape), lambda d: d.reshape(x.shape)

    def flatten(self, x):
        return self.reshaped("flatten", x, len(x), -1)

    def sequence(self, x):
        return self.reshaped("sequence", x, len(x), -1, x.shape[-1])

    def mean(self, x):
        self.name("mean")
        over = tuple(range(1, x.ndim - 1))
        count = x[0, ..., 0].size
        return x.mean(over), lambda d: np.broadcast_to(np.expand_dims(d, over) / count, x.shape)

    def last(self, x):
        self.name("last")

        def back(d):
            whole = np.zeros(x.shape, C)
            whole[:, -1] = d
            return whole

        return x[:, -1], back
