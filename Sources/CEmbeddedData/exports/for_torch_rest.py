

# ---------------------------------------------------------------------------------------------
# PyTorch

_TYPES = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64, "I32": torch.int32}


def read(path):
    """The metadata and the tensors of a safetensors file."""
    metadata, header, data = _parsed(path)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        kind, shape = _TYPES[entry["dtype"]], entry["shape"]
        tensors[name] = (torch.frombuffer(bytearray(data[begin:end]), dtype=kind).reshape(shape)
                         if end > begin else torch.empty(shape, dtype=kind))
    return metadata, tensors


def load_weights(model, path="weights.safetensors", names=None):
    """Copies the file's weights, and what normalizations keep, into a model whose tensors are called so."""
    _, tensors = read(path)
    own = model.state_dict()
    translated = {name: _translated(name, names, ".") for name in own}
    missing = [name for name, there in translated.items()
               if there not in tensors and not name.endswith("num_batches_tracked")]
    unused = sorted(set(tensors) - set(translated.values()))
    if missing or unused:
        raise ValueError(f"{path}: nothing for {missing} and no use for {unused}; "
                         "names={...} says what parts of the model are called in the file")
    model.load_state_dict({name: tensors.get(there, own[name]) for name, there in translated.items()})


class LearnedRates(torch.optim.Optimizer):
    """The optimizer that rates were learned for, with the learned rates.

    `named_parameters` are a model's; `path` is a file of `metarate export`; `names` says what parameters,
    or modules, are called in the file. Beyond the steps that rates and schedule were learned for, their
    last values hold.
    """

    def __init__(self, named_parameters, path="rates.safetensors", names=None):
        metadata, tensors = read(path)
        self._kind, self._numbers, self._transformations, self._description = _settings(metadata)
        parameters = [(name, _translated(name, names, "."), parameter)
                      for name, parameter in named_parameters]
        _require_rates(parameters, tensors, self._description, path)
        self._schedule = tensors["schedule"].tolist()
        self._rates = {parameter: tensors["rates." + there].to(parameter.dtype)
                       for _, there, parameter in parameters}
        hidden = _hidden(self._description)
        self._hidden = {parameter: hidden.get(there) for _, there, parameter in parameters}
        self._is_complete = False
        super().__init__([parameter for _, _, parameter in parameters], {"lr": 1.0})
        self._is_complete = True

    def add_param_group(self, group):
        if self._is_complete:
            raise ValueError("rates are of the parameters that they were learned for: no group can be added")
        super().add_param_group(group)

    # Copies and pickles have rates by the places of their parameters, whose identity they do not keep.
    def __getstate__(self):
        parameters = [parameter for group in self.param_groups for parameter in group["params"]]
        own = {name: value for name, value in vars(self).items()
               if name in ("_kind", "_numbers", "_transformations", "_description", "_schedule")}
        return {**super().__getstate__(), "own": own,
                "rates": [self._rates[parameter] for parameter in parameters],
                "hidden": [self._hidden[parameter] for parameter in parameters]}

    def __setstate__(self, state):
        state = dict(state)
        own, rates, hidden = state.pop("own", None), state.pop("rates", None), state.pop("hidden", None)
        super().__setstate__(state)
        if own is not None:
            vars(self).update(own)
            parameters = [parameter for group in self.param_groups for parameter in group["params"]]
            self._rates, self._hidden = dict(zip(parameters, rates)), dict(zip(parameters, hidden))
            self._is_complete = True

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        present = [(parameter, group["lr"]) for group in self.param_groups
                   for parameter in group["params"] if parameter.grad is not None]
        if not present:
            return loss
        gradients = _transformed([parameter.grad for parameter, _ in present],
                                 [parameter for parameter, _ in present],
                                 self._transformations, torch)
        formula, slots = _OPTIMIZERS[self._kind]
        for (parameter, factor), gradient in zip(present, gradients):
            state = self.state[parameter]
            if "step" not in state:
                state["step"] = 0
                state.update({slot: torch.zeros_like(parameter) for slot in slots})
            t = state["step"]
            direction, after = formula(gradient, parameter, state, self._numbers, t, torch,
                                       self._hidden[parameter])
            state.update(after)
            state["step"] = t + 1
            multiplier = factor * self._schedule[min(t, len(self._schedule) - 1)]
            parameter.sub_(multiplier * self._rate(parameter, t) * direction)
        return loss

    def _rate(self, parameter, t):
        rates = self._rates[parameter]
        if rates.device != parameter.device:
            rates = self._rates[parameter] = rates.to(parameter.device)
        return rates[min(t, rates.shape[0] - 1)] if self._description["changes_over_time"] else rates


def _require_rates(parameters, tensors, description, path):
    """Refuses a model whose tensors are not those that the file has rates for."""
    changes, there = description["changes_over_time"], {"rates." + name for _, name, _ in parameters}
    for own, name, parameter in parameters:
        rates = tensors.get("rates." + name)
        if rates is None:
            known = [key[6:] for key in tensors if key.startswith("rates.")]
            raise ValueError(f"{path} has no rates for {own}, only for {known}; "
                             "names={...} says what parts of the model are called in the file")
        shape = tuple(rates.shape[1:] if changes else rates.shape)
        if shape not in [(), tuple(parameter.shape)] and (
                len(shape) != parameter.dim()
                or any(a not in (1, b) for a, b in zip(shape, parameter.shape))):
            raise ValueError(f"{path} has rates of shape {shape} for {own}, "
                             f"whose shape is {tuple(parameter.shape)}")
    unused = [key[6:] for key in tensors if key.startswith("rates.") and key not in there]
    if unused:
        raise ValueError(f"{path} has rates for {unused} too, which the model does not have")


def native_optimizer(named_parameters, path="rates.safetensors", names=None):
    """PyTorch's own optimizer with a group a tensor, and a scheduler to be stepped after each step.

    Refused where PyTorch's formula is another, or a tensor has several rates at once: `metarate export
    --by tensor` gives each tensor the geometric mean of its own.
    """
    metadata, tensors = read(path)
    kind, n, transformations, description = _settings(metadata)
    parameters = [(name, _translated(name, names, "."), parameter)
                  for name, parameter in named_parameters]
    _require_rates(parameters, tensors, description, path)
    if transformations:
        raise ValueError(f"PyTorch's optimizers do not transform gradients ({transformations[0][0]}); "
                         "use LearnedRates")
    if n.get("epsilon_root", 0) != 0:
        raise ValueError(f"epsilon_root is {n['epsilon_root']}, which PyTorch's {kind} does not have; "
                         "use LearnedRates, or learn rates with inner.optimizer.epsilonRoot=0")
    made = {
        "sgd": lambda groups: torch.optim.SGD(groups),
        "momentum": lambda groups: torch.optim.SGD(groups, momentum=n["momentum"]),
        "nesterov": lambda groups: torch.optim.SGD(groups, momentum=n["momentum"], nesterov=True),
        "rmsprop": lambda groups: torch.optim.RMSprop(groups, alpha=n["decay"], eps=n["epsilon"]),
        "adagrad": lambda groups: torch.optim.Adagrad(groups, eps=n["epsilon"]),
        "adam": lambda groups: torch.optim.Adam(
            groups, betas=(n["beta1"], n["beta2"]), eps=n["epsilon"]),
        "adamw": lambda groups: torch.optim.AdamW(
            groups, betas=(n["beta1"], n["beta2"]), eps=n["epsilon"],
            weight_decay=n["weight_decay"]),
    }
    if kind not in made:
        raise ValueError(f"PyTorch has no {kind} of the same formula; use LearnedRates")
    schedule, groups, multipliers = tensors["schedule"].tolist(), [], []
    for own, there, parameter in parameters:
        rates = tensors["rates." + there].double()
        rows = rates.reshape(rates.shape[0], -1) if description["changes_over_time"] else (
            rates.reshape(1, -1))
        if bool((rows != rows[:, :1]).any()):
            raise ValueError(f"{own} has several rates, which a group of PyTorch has not; "
                             "use LearnedRates, or `metarate export --by tensor`")
        values = rows[:, 0].tolist()
        if min(values) < 0:
            raise ValueError(f"{own} has a rate below 0, which PyTorch refuses; use LearnedRates")
        groups.append({"params": [parameter], "lr": 1.0})
        multipliers.append(
            lambda t, values=values: values[min(t, len(values) - 1)] * schedule[
                min(t, len(schedule) - 1)])
    optimizer = made[kind](groups)
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, multipliers)
