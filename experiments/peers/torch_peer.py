"""The workloads of README.md in PyTorch; as variants of the sinusoids also higher and TorchOpt."""
import sys

import common
try:
    import torch
    import torch.nn.functional as F
    from torch.func import grad, vmap
except ImportError as error:
    print(f"torch: {error}", file=sys.stderr)
    sys.exit(common.NOT_OFFERED)


def tensors(inputs):
    """Initial weights and rates, to be differentiated."""
    return tuple([torch.from_numpy(x.copy()).requires_grad_() for x in arrays]
                 for arrays in (inputs.initial, inputs.rates))


def data(inputs, *paths):
    """The data at these paths; integers as int64, the only kind that cross_entropy takes."""
    found = (torch.from_numpy(inputs.data[path]) for path in paths)
    return [x if x.is_floating_point() else x.long() for x in found]


def dense(p, x, activation):
    n = len(p) // 2
    for i in range(n):
        x = x @ p[2 * i] + p[2 * i + 1]
        if i < n - 1:
            x = activation(x)
    return x


def conv4(p, x):
    for i in range(4):
        w, b, scale, offset = p[4 * i:4 * i + 4]
        x = F.conv2d(x, w.permute(3, 2, 0, 1), b, padding=1)
        m, v = x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), keepdim=True, unbiased=False)
        x = (x - m) * torch.rsqrt(v + 1e-5) * scale.view(1, -1, 1, 1) + offset.view(1, -1, 1, 1)
        x = F.max_pool2d(torch.relu(x), 2)
    return x.flatten(1) @ p[16] + p[17]


def unroll(loss, p, a, x, y, steps):
    for _ in range(steps):
        g = torch.autograd.grad(loss(p, x, y), p, create_graph=True)
        p = [u - v * w for u, v, w in zip(p, a, g)]
    return p


def gradients(loss, p, a):
    """Outcome from a loss whose graph still stands."""
    g = torch.autograd.grad(loss, p + a)
    return common.outcome(loss.detach(), g[:len(p)], g[len(p):])


FEW_SHOT = ("support/inputs", "support/targets", "query/inputs", "query/targets")


def network(initial):
    """A module with the inputs' weights, for the libraries that take modules."""
    net = torch.nn.Sequential(torch.nn.Linear(1, 40), torch.nn.ReLU(), torch.nn.Linear(40, 40),
                              torch.nn.ReLU(), torch.nn.Linear(40, 1))
    with torch.no_grad():
        for parameter, x in zip(net.parameters(), initial):
            parameter.copy_(torch.from_numpy(x).T if x.ndim == 2 else torch.from_numpy(x))
    return net


def module_workload(net, adam, tasks, adapted):
    """(run, check) of a library that takes modules. `adapted(x, y)` is a context that gives the
    adapted network. These learn one rate or none instead of one a parameter, so only the loss can
    be compared."""
    def backward():
        adam.zero_grad()
        total = 0.0
        for xs, ys, xq, yq in tasks:
            with adapted(xs, ys) as predict:
                loss = F.mse_loss(predict(xq), yq) / len(tasks)
                loss.backward()
                total += loss.item()
        return total
    # Now, since the timed iterations move the weights.
    first = backward()

    def run():
        backward()
        adam.step()
    return run, lambda: common.outcome(first)


def with_higher(steps, inputs, tasks):
    import contextlib
    import higher
    net = network(inputs.initial)
    rate = torch.tensor(0.01, requires_grad=True)
    sgd = torch.optim.SGD(net.parameters(), 0.01)

    @contextlib.contextmanager
    def adapted(x, y):
        with higher.innerloop_ctx(net, sgd, copy_initial_weights=False,
                                  override={"lr": [rate]}) as (copy, differentiable):
            for _ in range(steps):
                differentiable.step(F.mse_loss(copy(x), y))
            yield copy
    return module_workload(net, torch.optim.Adam(net.parameters(), 1e-3), tasks, adapted)


def with_torchopt(steps, inputs, tasks):
    import contextlib
    import torchopt
    net = network(inputs.initial)
    adam = torch.optim.Adam(net.parameters(), 1e-3)
    sgd = torchopt.MetaSGD(net, lr=0.01)

    @contextlib.contextmanager
    def adapted(x, y):
        states = torchopt.extract_state_dict(net), torchopt.extract_state_dict(sgd)
        for _ in range(steps):
            sgd.step(F.mse_loss(net(x), y))
        yield net
        torchopt.recover_state_dict(net, states[0])
        torchopt.recover_state_dict(sgd, states[1])
    return module_workload(net, adam, tasks, adapted)


def sinusoid(steps, inputs, variant):
    variant = common.offered(variant, "vmap", "loop", "compile", "higher", "torchopt")
    sets = data(inputs, *FEW_SHOT)
    tasks = list(zip(*sets))
    if variant in ("higher", "torchopt"):
        library = with_higher if variant == "higher" else with_torchopt
        return library(steps, inputs, tasks)

    def loss(p, x, y):
        return ((dense(p, x, torch.relu) - y) ** 2).mean()

    def task(p, a, xs, ys, xq, yq):
        for _ in range(steps):
            p = [q - b * g for q, b, g in zip(p, a, grad(loss)(p, xs, ys))]
        return loss(p, xq, yq)

    def outer(p, a):
        if variant == "loop":
            return sum(loss(unroll(loss, p, a, xs, ys, steps), xq, yq)
                       for xs, ys, xq, yq in tasks) / len(tasks)
        return vmap(task, (None, None, 0, 0, 0, 0))(tuple(p), tuple(a), *sets).mean()
    compiled = torch.compile(outer) if variant == "compile" else outer
    p, a = tensors(inputs)
    optimizer = torch.optim.Adam(p + a, 1e-3)

    def run():
        optimizer.zero_grad()
        compiled(p, a).backward()
        optimizer.step()

    def check():  # At the initial point, which the timed iterations have left.
        initial, rates = tensors(inputs)
        return gradients(compiled(initial, rates), initial, rates)
    return run, check


def conv(steps, inputs, variant):
    common.offered(variant, "loop")
    p, a = tensors(inputs)
    xs, ys, xq, yq = data(inputs, *FEW_SHOT)
    xs, xq = xs.movedim(-1, 2).contiguous(), xq.movedim(-1, 2).contiguous()
    total = []

    def loss(p, x, y):
        return F.cross_entropy(conv4(p, x), y)

    def run():
        for x in p + a:
            x.grad = None
        total.clear()
        for b in range(len(xs)):
            q = unroll(loss, p, a, xs[b], ys[b], steps)
            task_loss = loss(q, xq[b], yq[b]) / len(xs)
            task_loss.backward()
            total.append(task_loss.item())
    return run, lambda: common.outcome(sum(total), [x.grad for x in p], [x.grad for x in a])


def trained(inputs, steps, loss, update, xv, yv, plain):
    """(run, check) of one hypergradient, or of plain training. `steps` gives the batches;
    `update(q, v, g, a)` the next weights and optimizer state."""
    p, a = tensors(inputs)
    result = []

    def run():
        q, v = p, [torch.zeros_like(x) for x in p]
        for x, y in steps():
            g = torch.autograd.grad(loss(q, x, y), q, create_graph=not plain)
            q, v = update(q, v, g, a)
            if plain:
                q, v = [u.detach().requires_grad_() for u in q], [u.detach() for u in v]
        final = loss(q, xv, yv)
        g = None if plain else torch.autograd.grad(final, p + a)
        result[:] = [final.detach(), g]

    def check():
        final, g = result
        return common.outcome(final) if plain else common.outcome(final, g[:len(p)], g[len(p):])
    return run, check


def long_horizon(inputs, variant):
    variant = common.offered(variant, "storeAll", "plain")
    xt, yt, xv, yv, index = data(inputs, "train/inputs", "train/targets", "validation/inputs",
                                 "validation/targets", "index")

    def update(q, v, g, a):
        v = [0.9 * u + h for u, h in zip(v, g)]
        return [u - b * h for u, b, h in zip(q, a, v)], v
    return trained(inputs, lambda: ((xt[i], yt[i]) for i in index),
                   lambda p, x, y: F.cross_entropy(dense(p, x, torch.tanh), y),
                   update, xv, yv, variant == "plain")


def wide(inputs, variant):
    variant = common.offered(variant, "storeAll", "plain")
    x, y, xv, yv = data(inputs, "train/inputs", "train/targets", "validation/inputs",
                        "validation/targets")
    return trained(inputs, lambda: zip(x, y),
                   lambda p, x, y: F.cross_entropy(dense(p, x, torch.relu), y),
                   lambda q, v, g, a: ([u - b * h for u, b, h in zip(q, a, g)], v),
                   xv, yv, variant == "plain")


if __name__ == "__main__":
    common.main("torch", {
        "sinusoid-1": lambda i, v: sinusoid(1, i, v), "sinusoid-5": lambda i, v: sinusoid(5, i, v),
        "conv4-1": lambda i, v: conv(1, i, v), "conv4-5": lambda i, v: conv(5, i, v),
        "long-horizon": long_horizon, "wide": wide, "wide-2048": wide,
    }, lambda: torch.ones(4, 4) @ torch.ones(4, 4))
