"""The workloads of README.md in PyTorch; as variants of the sinusoids also higher and TorchOpt."""
import math
import sys

import common
try:
    import torch
    import torch.nn.functional as F
    from torch.func import grad, grad_and_value, vmap
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


def squared_error(p, x, y):
    return ((dense(p, x, torch.relu) - y) ** 2).mean()


def mean_query_loss(steps):
    """Loss on the query sets after `steps` of SGD on the support sets, all tasks in one batch."""
    def task(p, a, xs, ys, xq, yq):
        for _ in range(steps):
            p = [q - b * g for q, b, g in zip(p, a, grad(squared_error)(p, xs, ys))]
        return squared_error(p, xq, yq)

    def outer(p, a, *sets):
        return vmap(task, (None, None, 0, 0, 0, 0))(tuple(p), tuple(a), *sets).mean()
    return outer


def sinusoid(steps, inputs, variant):
    variant = common.offered(variant, "vmap", "loop", "compile", "higher", "torchopt")
    sets = data(inputs, *FEW_SHOT)
    tasks = list(zip(*sets))
    if variant in ("higher", "torchopt"):
        library = with_higher if variant == "higher" else with_torchopt
        return library(steps, inputs, tasks)

    batched = mean_query_loss(steps)

    def outer(p, a):
        if variant == "loop":
            return sum(squared_error(unroll(squared_error, p, a, xs, ys, steps), xq, yq)
                       for xs, ys, xq, yq in tasks) / len(tasks)
        return batched(p, a, *sets)
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


def run_sinusoid(inputs, variant, steps=100):
    """Outer steps of Meta-SGD whose tasks are drawn inside. `compile` has the whole of a step, Adam
    included, in one compiled function."""
    variant = common.offered(variant, "compile", "vmap")
    sets = data(inputs, *FEW_SHOT)
    p, a = tensors(inputs)
    outer = mean_query_loss(1)
    # Compiled code does better with Adam's own operations than with the fused one.
    optimizer = torch.optim.Adam(p + a, 1e-3, fused=variant != "compile")

    def draw(tasks=25, points=10):
        amplitude = 0.1 + 4.9 * torch.rand(tasks, 1, 1)
        phase = math.pi * torch.rand(tasks, 1, 1)
        xs, xq = 10 * torch.rand(2, tasks, points, 1) - 5
        return xs, amplitude * torch.sin(xs - phase), xq, amplitude * torch.sin(xq - phase)

    def gradient(p, a, *sets):
        if variant == "compile":  # Autograd's own would break the graph.
            with torch.no_grad():
                (gp, ga), loss = grad_and_value(outer, (0, 1))(p, a, *sets)
            return loss, [*gp, *ga]
        loss = outer(p, a, *sets)
        return loss.detach(), torch.autograd.grad(loss, p + a)

    def step():
        _, g = gradient(p, a, *draw())
        for x, y in zip(p + a, g):
            x.grad = y
        optimizer.step()

    def compiled(function):
        return torch.compile(function) if variant == "compile" else function
    learn = compiled(step)

    def run():
        for _ in range(steps):
            learn()

    def check():  # At the initial point, which the timed steps have left.
        loss, g = compiled(gradient)(*tensors(inputs), *sets)
        return common.outcome(loss, g[:len(p)], g[len(p):])
    torch.manual_seed(0)
    return run, check, steps


def run_digits(inputs, variant, steps=5):
    """Outer steps that learn the rates of the digits: weights, rows and their order drawn inside,
    eight runs of 100 steps each. They are trained together in batched products, with `compile` by
    a compiled inner step; or, with `loop`, one after the other, so that memory is one run's."""
    variant = common.offered(variant, "compile", "vmap", "loop")
    xt, yt, xv, yv = data(inputs, "train/inputs", "train/targets", "validation/inputs",
                          "validation/targets")
    # A quarter of the rows is for tests, another is kept from each run's training.
    pool, kept, batch, length, tasks = 1348, 449, 64, 100, 8
    together = 1 if variant == "loop" else tasks
    x, y = torch.cat([xt, xv])[:pool], torch.cat([yt, yv])[:pool]
    sizes = [64, 64, 64, 10]
    shapes = [shape for m, n in zip(sizes, sizes[1:]) for shape in ((m, n), (1, n))]
    raw = [torch.full(shape, 0.1).log().requires_grad_() for shape in shapes]
    optimizer = torch.optim.Adam(raw, 0.06, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda t: 0.1 + 0.45 * (1 + math.cos(math.pi * min(t / 400, 1))))

    def loss(p, x, y):
        """Sum over runs of their mean losses, whose gradient is each run's own."""
        for i in range(0, len(p), 2):
            x = torch.baddbmm(p[i + 1], x if i == 0 else torch.tanh(x), p[i])
        return F.cross_entropy(x.flatten(0, 1), y.flatten(), reduction="sum") / y.shape[1]

    def draw():
        p = [torch.randn(together, *shape) / shape[0] ** 0.5 if shape[0] > 1
             else torch.zeros(together, *shape) for shape in shapes]
        order = torch.stack([torch.randperm(pool) for _ in range(together)])
        training = order[:, kept:]
        epochs = -(-length * batch // training.shape[1])
        rows = torch.stack([torch.cat([row[torch.randperm(len(row))] for _ in range(epochs)])
                            for row in training])[:, :length * batch]
        return p, rows.unflatten(1, (length, batch)), order[:, :kept]

    def step(p, v, a, i):
        if variant == "compile":  # Autograd's own would break the graph.
            g = grad(loss)(p, x[i], y[i])
        else:
            g = torch.autograd.grad(loss(p, x[i], y[i]), p, create_graph=True)
        v = [0.9 * u + h for u, h in zip(v, g)]
        return [u - b * h for u, b, h in zip(p, a, v)], v
    inner = torch.compile(step) if variant == "compile" else step

    def objective():
        p, rows, held = draw()
        p, a = [u.requires_grad_() for u in p], [r.exp() for r in raw]
        # Not plain zeros: differentiable as later ones are, so that one compiled step does for all.
        v = [0 * u for u in p]
        for i in rows.unbind(1):
            p, v = inner(p, v, a, i)
        return loss(p, x[held], y[held]) / tasks

    def run():
        for _ in range(steps):
            optimizer.zero_grad()
            for _ in range(tasks // together):
                objective().backward(inputs=raw)
            torch.nn.utils.clip_grad_norm_(raw, 0.1)
            optimizer.step()
            schedule.step()

    def check():  # The same hypergradient as `long-horizon`, on inputs that both sides read.
        initial_run, initial_check = long_horizon(inputs, "storeAll")
        initial_run()
        return initial_check()
    torch.manual_seed(0)
    return run, check, steps


if __name__ == "__main__":
    common.main("torch", {
        "run-sinusoid": run_sinusoid, "run-digits": run_digits,
        "sinusoid-1": lambda i, v: sinusoid(1, i, v), "sinusoid-5": lambda i, v: sinusoid(5, i, v),
        "conv4-1": lambda i, v: conv(1, i, v), "conv4-5": lambda i, v: conv(5, i, v),
        "long-horizon": long_horizon, "wide": wide, "wide-2048": wide,
    }, lambda: torch.ones(4, 4) @ torch.ones(4, 4))
