#include "CEmbeddedData.h"

#include <string.h>

// The compiler knows the directive in C17 too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char ablation[] = {
#embed "notebooks/ablation.py"
};
static const unsigned char ablations[] = {
#embed "notebooks/ablations.py"
};
static const unsigned char checkpoint[] = {
#embed "notebooks/checkpoint.py"
};
static const unsigned char execute[] = {
#embed "notebooks/execute.py"
};
static const unsigned char for_optax[] = {
#embed "exports/for_optax.py"
};
static const unsigned char for_optax_rest[] = {
#embed "exports/for_optax_rest.py"
};
static const unsigned char for_torch[] = {
#embed "exports/for_torch.py"
};
static const unsigned char for_torch_rest[] = {
#embed "exports/for_torch_rest.py"
};
static const unsigned char formulas[] = {
#embed "exports/formulas.py"
};
static const unsigned char metarate_files[] = {
#embed "../../experiments/python/metarate_files.py"
};
static const unsigned char rates[] = {
#embed "notebooks/rates.py"
};
static const unsigned char run[] = {
#embed "notebooks/run.py"
};
static const unsigned char start[] = {
#embed "notebooks/start.py"
};
static const unsigned char statistics[] = {
#embed "notebooks/statistics.py"
};

#define FILE_OF(name) {#name, name, sizeof name}

static const metarate_embedded_file programs[] = {
    FILE_OF(ablation),  FILE_OF(ablations),      FILE_OF(checkpoint),
    FILE_OF(execute),   FILE_OF(for_optax),      FILE_OF(for_optax_rest),
    FILE_OF(for_torch), FILE_OF(for_torch_rest), FILE_OF(formulas),
    FILE_OF(metarate_files), FILE_OF(rates),     FILE_OF(run),
    FILE_OF(start),     FILE_OF(statistics),
};

metarate_embedded_file metarate_python_program(const char *name) {
  for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
    if (strcmp(programs[i].name, name) == 0) return programs[i];
  return (metarate_embedded_file){"", programs[0].bytes, 0};
}
