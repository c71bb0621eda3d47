"""The workloads of README.md in JAX (jit, CPU)."""
import os
import sys

os.environ.setdefault("JAX_PLATFORMS", "cpu")
import common
try:
    import jax
    import jax.numpy as jnp
    import optax
    from jax import lax
except ImportError as error:
    print(f"jax: {error}", file=sys.stderr)
    sys.exit(common.NOT_OFFERED)

tm = jax.tree_util.tree_map


def arrays(inputs, *paths):
    """Initial weights, rates and the data at these paths."""
    return tuple(tm(jnp.asarray, x) for x in
                 (inputs.initial, inputs.rates, *(inputs.data[path] for path in paths)))


def dense(p, x, activation):
    n = len(p) // 2
    for i in range(n):
        x = x @ p[2 * i] + p[2 * i + 1]
        if i < n - 1:
            x = activation(x)
    return x


def cross_entropy(o, y):
    return jnp.mean(jax.nn.logsumexp(o, -1) - jnp.take_along_axis(o, y[:, None], 1)[:, 0])


def conv4(p, x):
    for i in range(4):
        w, b, scale, offset = p[4 * i:4 * i + 4]
        layout = ("NHWC", "HWIO", "NHWC")
        x = lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=layout) + b
        x = (x - x.mean((0, 1, 2))) * lax.rsqrt(x.var((0, 1, 2)) + 1e-5) * scale + offset
        x = jax.nn.relu(x)
        n, h, w, c = x.shape
        x = x[:, :h // 2 * 2, :w // 2 * 2].reshape(n, h // 2, 2, w // 2, 2, c).max((2, 4))
    return x.reshape(x.shape[0], -1) @ p[16] + p[17]


def adapt(loss, steps):
    """Loss on the query set after `steps` of SGD on the support set, as a function of one task."""
    def task(pa, xs, ys, xq, yq):
        p, a = pa
        for _ in range(steps):
            p = tm(lambda p, a, g: p - a * g, p, a, jax.grad(loss)(p, xs, ys))
        return loss(p, xq, yq)
    return task


FEW_SHOT = ("support/inputs", "support/targets", "query/inputs", "query/targets")


def measured(function, *operands, differentiated=True):
    """The usual (run, check): `function` gives a loss, or a loss and (initial, rates) gradients."""
    result = []

    def run():
        result[:] = [jax.block_until_ready(function(*operands))]

    def check():
        if not differentiated:
            return common.outcome(result[0])
        loss, (initial, rates) = result[0]
        return common.outcome(loss, initial, rates)
    return run, check


def sinusoid(steps, inputs, variant):
    common.offered(variant, "vmap")
    p, a, *data = arrays(inputs, *FEW_SHOT)
    task = adapt(lambda p, x, y: jnp.mean((dense(p, x, jax.nn.relu) - y) ** 2), steps)
    optimizer = optax.adam(1e-3)
    state = [(p, a), optimizer.init((p, a))]

    def outer(pa, *data):
        return jnp.mean(jax.vmap(task, (None, 0, 0, 0, 0))(pa, *data))

    @jax.jit
    def iteration(pa, s, *data):
        loss, g = jax.value_and_grad(outer)(pa, *data)
        updates, s = optimizer.update(g, s)
        return optax.apply_updates(pa, updates), s, loss

    def run():
        state[0], state[1], _ = jax.block_until_ready(iteration(*state, *data))

    def check():  # At the initial point, which the timed iterations have left.
        initial_run, initial_check = measured(jax.jit(jax.value_and_grad(outer)), (p, a), *data)
        initial_run()
        return initial_check()
    return run, check


def conv(steps, inputs, variant):
    variant = common.offered(variant, "loop", "vmap")
    p, a, *data = arrays(inputs, *FEW_SHOT)
    task = adapt(lambda p, x, y: cross_entropy(conv4(p, x), y), steps)
    if variant == "vmap":
        return measured(jax.jit(jax.value_and_grad(
            lambda pa, *d: jnp.mean(jax.vmap(task, (None, 0, 0, 0, 0))(pa, *d)))), (p, a), *data)

    def hypergradient(pa, *data):
        def body(total, d):
            return tm(jnp.add, total, jax.value_and_grad(task)(pa, *d)), None
        total, _ = lax.scan(body, (jnp.zeros(()), tm(jnp.zeros_like, pa)), data)
        return tm(lambda x: x / len(data[0]), total)
    return measured(jax.jit(hypergradient), (p, a), *data)


def long_horizon(inputs, variant):
    variant = common.offered(variant, "storeAll", "everyStep", "segments", "plain")
    p, a, xt, yt, xv, yv, index = arrays(inputs, "train/inputs", "train/targets",
                                         "validation/inputs", "validation/targets", "index")

    def loss(p, x, y):
        return cross_entropy(dense(p, x, jnp.tanh), y)

    def train(p, a, index):
        def body(carry, i):
            p, v = carry
            v = tm(lambda v, g: 0.9 * v + g, v, jax.grad(loss)(p, xt[i], yt[i]))
            return (tm(lambda p, a, v: p - a * v, p, a, v), v), None
        carry, steps = (p, tm(jnp.zeros_like, p)), len(index)
        if variant == "segments":
            n = max(k for k in range(1, int(steps ** 0.5) + 1) if steps % k == 0)
            segment = jax.checkpoint(lambda c, i: (lax.scan(body, c, i)[0], None))
            carry, _ = lax.scan(segment, carry, index.reshape(steps // n, n, -1))
        else:
            step = jax.checkpoint(body) if variant == "everyStep" else body
            carry, _ = lax.scan(step, carry, index)
        return loss(carry[0], xv, yv)
    plain = variant == "plain"
    f = jax.jit(train if plain else jax.value_and_grad(train, (0, 1)))
    return measured(f, p, a, index, differentiated=not plain)


def wide(inputs, variant):
    variant = common.offered(variant, "storeAll", "everyStep", "plain")
    p, a, x, y, xv, yv = arrays(inputs, "train/inputs", "train/targets",
                                "validation/inputs", "validation/targets")

    def loss(p, x, y):
        return cross_entropy(dense(p, x, jax.nn.relu), y)

    def train(p, a, x, y):
        def body(p, d):
            return tm(lambda p, a, g: p - a * g, p, a, jax.grad(loss)(p, *d)), None
        p, _ = lax.scan(jax.checkpoint(body) if variant == "everyStep" else body, p, (x, y))
        return loss(p, xv, yv)
    plain = variant == "plain"
    f = jax.jit(train if plain else jax.value_and_grad(train, (0, 1)))
    return measured(f, p, a, x, y, differentiated=not plain)


def layer_norm(w, layer, x):
    x = x - x.mean(-1, keepdims=True)
    x = x * lax.rsqrt(jnp.square(x).mean(-1, keepdims=True) + 1e-5)
    return x * w[f"{layer}/scale"] + w[f"{layer}/offset"]


def attention(w, layer, x):
    """Causal; weights of queries, keys and values are [features, heads, units]."""
    def of(part):
        return (jnp.einsum("bpf,fhu->bhpu", x, w[f"{layer}/{part}/weight"])
                + w[f"{layer}/{part}/bias"][:, None])
    q, k, v = of("query"), of("key"), of("value")
    scores = jnp.einsum("bhpu,bhqu->bhpq", q, k) / q.shape[-1] ** 0.5
    scores = jnp.where(jnp.tri(x.shape[1], dtype=bool), scores, -1e30)
    mixed = jnp.einsum("bhpq,bhqu->bhpu", jax.nn.softmax(scores), v)
    return (jnp.einsum("bhpu,huf->bpf", mixed, w[f"{layer}/output/weight"])
            + w[f"{layer}/output/bias"])


def transformer(w, x):
    """The answers at all positions: two blocks, normalized before attention and dense layers."""
    x = w["000_embedding/weight"][x] + w["001_positions/weight"]

    def affine(layer, x):
        return x @ w[f"{layer}/weight"] + w[f"{layer}/bias"]
    for i in (2, 8):
        x = x + attention(w, f"{i + 1:03d}_attention", layer_norm(w, f"{i:03d}_layer_norm", x))
        h = affine(f"{i + 3:03d}_dense", layer_norm(w, f"{i + 2:03d}_layer_norm", x))
        x = x + affine(f"{i + 5:03d}_dense", jax.nn.gelu(h, approximate=True))
    return layer_norm(w, "014_layer_norm", x)


def transformers(inputs, variant, beta1=0.9, beta2=0.999, decay=0.01, guard=1e-8):
    """AdamW of a causal transformer, which answers at each position or, without an axis of positions
    in the targets, at the last."""
    variant = common.offered(variant, "segments", "everyStep", "plain")
    p, a, xt, yt, xv, yv = arrays(inputs, "train/inputs", "train/targets",
                                  "validation/inputs", "validation/targets")
    last = next(path for path in reversed(inputs.paths) if path.endswith("/weight"))[:-len("/weight")]

    def loss(p, x, y):
        w = dict(zip(inputs.paths, p))
        h = transformer(w, x)
        h = h if y.ndim == x.ndim else h[:, -1]
        o = h @ w[f"{last}/weight"] + w[f"{last}/bias"]
        return cross_entropy(o.reshape(-1, o.shape[-1]), y.reshape(-1))

    def train(p, a, x, y):
        def body(carry, d):
            p, m, v, t = carry
            t, g = t + 1, jax.grad(loss)(p, *d)
            m = tm(lambda m, g: beta1 * m + (1 - beta1) * g, m, g)
            v = tm(lambda v, g: beta2 * v + (1 - beta2) * g * g, v, g)
            c1, c2 = 1 - beta1 ** t, 1 - beta2 ** t

            def step(p, a, m, v):
                return p - a * (m / c1 / (jnp.sqrt(v / c2 + guard) + guard) + decay * p)
            return (tm(step, p, a, m, v), m, v, t), None
        zeros, steps = tm(jnp.zeros_like, p), len(x)
        carry = (p, zeros, zeros, jnp.zeros(()))
        if variant == "segments":
            n = max(k for k in range(1, int(steps ** 0.5) + 1) if steps % k == 0)
            segment = jax.checkpoint(lambda c, d: (lax.scan(body, c, d)[0], None))
            cut = tm(lambda d: d.reshape(steps // n, n, *d.shape[1:]), (x, y))
            carry, _ = lax.scan(segment, carry, cut)
        else:
            step = jax.checkpoint(body) if variant == "everyStep" else body
            carry, _ = lax.scan(step, carry, (x, y))
        return loss(carry[0], xv, yv)
    plain = variant == "plain"
    f = jax.jit(train if plain else jax.value_and_grad(train, (0, 1)))
    return measured(f, p, a, xt, yt, differentiated=not plain)


def online(inputs, variant):
    variant = common.offered(variant, "online", "plain")
    p, a, xt, yt, xv, yv, index = arrays(inputs, "train/inputs", "train/targets",
                                         "validation/inputs", "validation/targets", "index")

    def loss(p, x, y):
        return cross_entropy(dense(p, x, jnp.tanh), y)

    @jax.jit
    def train(p, a, index):
        def body(carry, i):
            p, a, last = carry
            g = jax.grad(loss)(p, xt[i], yt[i])
            if variant != "plain":
                a = tm(lambda a, g, h: jnp.maximum(a + 1e-3 * g * h, 1e-6), a, g, last)
            return (tm(lambda p, a, g: p - a * g, p, a, g), a, g), None
        return lax.scan(body, (p, a, tm(jnp.zeros_like, p)), index)[0][:2]
    result = []

    def run():
        result[:] = jax.block_until_ready(train(p, a, index))

    def check():
        return common.online_outcome(jax.jit(loss)(result[0], xv, yv), a,
                                     None if variant == "plain" else result[1])
    return run, check


def run_sinusoid(inputs, variant, steps=100):
    """Outer steps of Meta-SGD whose tasks are drawn inside: `steps` of them in one compiled loop."""
    common.offered(variant, "scan")
    p, a, *data = arrays(inputs, *FEW_SHOT)
    task = adapt(lambda p, x, y: jnp.mean((dense(p, x, jax.nn.relu) - y) ** 2), 1)
    optimizer = optax.adam(1e-3)

    def outer(pa, *data):
        return jnp.mean(jax.vmap(task, (None, 0, 0, 0, 0))(pa, *data))

    def draw(key, tasks=25, points=10):
        amplitude, phase, x = jax.random.split(key, 3)
        amplitude = jax.random.uniform(amplitude, (tasks, 1, 1), minval=0.1, maxval=5)
        phase = jax.random.uniform(phase, (tasks, 1, 1), maxval=jnp.pi)
        xs, xq = jax.random.uniform(x, (2, tasks, points, 1), minval=-5, maxval=5)
        return xs, amplitude * jnp.sin(xs - phase), xq, amplitude * jnp.sin(xq - phase)

    @jax.jit
    def learn(state, key):
        def step(carry, key):
            pa, s = carry
            loss, g = jax.value_and_grad(outer)(pa, *draw(key))
            updates, s = optimizer.update(g, s)
            return (optax.apply_updates(pa, updates), s), loss
        return lax.scan(step, state, jax.random.split(key, steps))
    state = [((p, a), optimizer.init((p, a))), jax.random.key(0)]

    def run():
        state[1], key = jax.random.split(state[1])
        state[0], _ = jax.block_until_ready(learn(state[0], key))

    def check():
        initial_run, initial_check = measured(jax.jit(jax.value_and_grad(outer)), (p, a), *data)
        initial_run()
        return initial_check()
    return run, check, steps


def run_digits(inputs, variant, steps=5):
    """Outer steps that learn the rates of the digits: weights, rows and their order drawn inside,
    eight runs of 100 steps each, differentiated one after the other or, with `vmap`, together."""
    variant = common.offered(variant, "loop", "vmap")
    p, a, xt, yt, xv, yv, index = arrays(inputs, "train/inputs", "train/targets",
                                         "validation/inputs", "validation/targets", "index")
    # A quarter of the rows is for tests, another is kept from each run's training.
    pool, kept, batch, length, tasks = 1348, 449, 64, 100, 8
    x, y = jnp.concatenate([xt, xv])[:pool], jnp.concatenate([yt, yv])[:pool]
    schedule = optax.cosine_decay_schedule(0.06, 400, alpha=0.1)
    optimizer = optax.chain(optax.clip_by_global_norm(0.1), optax.adam(schedule))
    sizes = [64, 64, 64, 10]

    def loss(p, x, y):
        return cross_entropy(dense(p, x, jnp.tanh), y)

    def draw(key):
        weights, order, epochs = jax.random.split(key, 3)
        p = []
        for k, m, n in zip(jax.random.split(weights, 3), sizes, sizes[1:]):
            p += [jax.random.normal(k, (m, n)) / m ** 0.5, jnp.zeros(n)]
        order = jax.random.permutation(order, len(x))
        training = order[kept:]
        count = -(-length * batch // len(training))
        rows = jax.vmap(lambda k: jax.random.permutation(k, training))(
            jax.random.split(epochs, count))
        return p, rows.reshape(-1)[:length * batch].reshape(length, batch), order[:kept]

    def objective(raw, key):
        p, rows, kept = draw(key)
        a = tm(jnp.exp, raw)

        def body(carry, i):
            p, v = carry
            v = tm(lambda v, g: 0.9 * v + g, v, jax.grad(loss)(p, x[i], y[i]))
            return (tm(lambda p, a, v: p - a * v, p, a, v), v), None
        carry, _ = lax.scan(body, (p, tm(jnp.zeros_like, p)), rows)
        return loss(carry[0], x[kept], y[kept])

    def hypergradient(raw, keys):
        if variant == "vmap":
            return jax.value_and_grad(
                lambda raw: jnp.mean(jax.vmap(objective, (None, 0))(raw, keys)))(raw)

        def add(total, key):
            return tm(jnp.add, total, jax.value_and_grad(objective)(raw, key)), None
        total, _ = lax.scan(add, (jnp.zeros(()), tm(jnp.zeros_like, raw)), keys)
        return tm(lambda x: x / tasks, total)

    @jax.jit
    def learn(state, key):
        def step(carry, key):
            raw, s = carry
            value, g = hypergradient(raw, jax.random.split(key, tasks))
            updates, s = optimizer.update(g, s)
            return (optax.apply_updates(raw, updates), s), value
        return lax.scan(step, state, jax.random.split(key, steps))
    raw = [jnp.full(shape, jnp.log(0.1)) for m, n in zip(sizes, sizes[1:])
           for shape in ((m, n), (n,))]
    state = [(raw, optimizer.init(raw)), jax.random.key(0)]

    def run():
        state[1], key = jax.random.split(state[1])
        state[0], _ = jax.block_until_ready(learn(state[0], key))

    def check():  # The same hypergradient as `long-horizon`, on inputs that both sides read.
        initial_run, initial_check = long_horizon(inputs, "segments")
        initial_run()
        return initial_check()
    return run, check, steps


if __name__ == "__main__":
    common.main("jax", {
        "run-sinusoid": run_sinusoid, "run-digits": run_digits,
        "sinusoid-1": lambda i, v: sinusoid(1, i, v), "sinusoid-5": lambda i, v: sinusoid(5, i, v),
        "conv4-1": lambda i, v: conv(1, i, v), "conv4-5": lambda i, v: conv(5, i, v),
        "long-horizon": long_horizon, "wide": wide, "wide-2048": wide, "online": online,
        "transformer-addition": transformers, "transformer-text": transformers,
    }, lambda: jax.block_until_ready(jax.jit(lambda x: x @ x)(jnp.ones((4, 4)))))
