#include "CEmbeddedData.h"

// The compiler knows the directive in C17 too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char conv_muon[] = {
#embed "oracles/conv-muon.h5"
};
static const unsigned char conv_row_momentum[] = {
#embed "oracles/conv-row-momentum.h5"
};
static const unsigned char conv_sgd[] = {
#embed "oracles/conv-sgd.h5"
};
static const unsigned char conv_terms[] = {
#embed "oracles/conv-terms.h5"
};
static const unsigned char layers_attention_causal[] = {
#embed "oracles/layers-attention-causal.h5"
};
static const unsigned char layers_attention_rotary[] = {
#embed "oracles/layers-attention-rotary.h5"
};
static const unsigned char layers_batch_norm_batches[] = {
#embed "oracles/layers-batch-norm-batches.h5"
};
static const unsigned char layers_convolutions[] = {
#embed "oracles/layers-convolutions.h5"
};
static const unsigned char layers_dropout[] = {
#embed "oracles/layers-dropout.h5"
};
static const unsigned char layers_embedding[] = {
#embed "oracles/layers-embedding.h5"
};
static const unsigned char layers_evaluation_batches[] = {
#embed "oracles/layers-evaluation-batches.h5"
};
static const unsigned char layers_group_norm[] = {
#embed "oracles/layers-group-norm.h5"
};
static const unsigned char layers_groups[] = {
#embed "oracles/layers-groups.h5"
};
static const unsigned char layers_gru[] = {
#embed "oracles/layers-gru.h5"
};
static const unsigned char layers_lstm[] = {
#embed "oracles/layers-lstm.h5"
};
static const unsigned char layers_residual[] = {
#embed "oracles/layers-residual.h5"
};
static const unsigned char layers_running_statistics[] = {
#embed "oracles/layers-running-statistics.h5"
};
static const unsigned char layers_transformer[] = {
#embed "oracles/layers-transformer.h5"
};
static const unsigned char mlp_adabelief[] = {
#embed "oracles/mlp-adabelief.h5"
};
static const unsigned char mlp_adagrad[] = {
#embed "oracles/mlp-adagrad.h5"
};
static const unsigned char mlp_adagrad_clip_row[] = {
#embed "oracles/mlp-adagrad-clip-row.h5"
};
static const unsigned char mlp_adam[] = {
#embed "oracles/mlp-adam.h5"
};
static const unsigned char mlp_adamw[] = {
#embed "oracles/mlp-adamw.h5"
};
static const unsigned char mlp_clip_global_norm[] = {
#embed "oracles/mlp-clip-global-norm.h5"
};
static const unsigned char mlp_clip_sometimes[] = {
#embed "oracles/mlp-clip-sometimes.h5"
};
static const unsigned char mlp_cosine[] = {
#embed "oracles/mlp-cosine.h5"
};
static const unsigned char mlp_first_order[] = {
#embed "oracles/mlp-first-order.h5"
};
static const unsigned char mlp_lamb[] = {
#embed "oracles/mlp-lamb.h5"
};
static const unsigned char mlp_lamb_zero_bias[] = {
#embed "oracles/mlp-lamb-zero-bias.h5"
};
static const unsigned char mlp_lion[] = {
#embed "oracles/mlp-lion.h5"
};
static const unsigned char mlp_log_layer[] = {
#embed "oracles/mlp-log-layer.h5"
};
static const unsigned char mlp_long[] = {
#embed "oracles/mlp-long.h5"
};
static const unsigned char mlp_momentum[] = {
#embed "oracles/mlp-momentum.h5"
};
static const unsigned char mlp_muon[] = {
#embed "oracles/mlp-muon.h5"
};
static const unsigned char mlp_nadam[] = {
#embed "oracles/mlp-nadam.h5"
};
static const unsigned char mlp_nesterov[] = {
#embed "oracles/mlp-nesterov.h5"
};
static const unsigned char mlp_orbit_knots[] = {
#embed "oracles/mlp-orbit-knots.h5"
};
static const unsigned char mlp_rmsprop[] = {
#embed "oracles/mlp-rmsprop.h5"
};
static const unsigned char mlp_sgd_mse[] = {
#embed "oracles/mlp-sgd-mse.h5"
};
static const unsigned char mlp_sgd_relu[] = {
#embed "oracles/mlp-sgd-relu.h5"
};
static const unsigned char mlp_softplus_row[] = {
#embed "oracles/mlp-softplus-row.h5"
};
static const unsigned char mlp_tasks[] = {
#embed "oracles/mlp-tasks.h5"
};
static const unsigned char mlp_terms[] = {
#embed "oracles/mlp-terms.h5"
};
static const unsigned char mlp_truncated[] = {
#embed "oracles/mlp-truncated.h5"
};
static const unsigned char mlp_truncated_adam[] = {
#embed "oracles/mlp-truncated-adam.h5"
};
static const unsigned char quadratic_sgd[] = {
#embed "oracles/quadratic-sgd.h5"
};

// In the order of their names.
static const metarate_embedded_file cases[] = {
    {"conv-muon", conv_muon, sizeof conv_muon},
    {"conv-row-momentum", conv_row_momentum, sizeof conv_row_momentum},
    {"conv-sgd", conv_sgd, sizeof conv_sgd},
    {"conv-terms", conv_terms, sizeof conv_terms},
    {"layers-attention-causal", layers_attention_causal, sizeof layers_attention_causal},
    {"layers-attention-rotary", layers_attention_rotary, sizeof layers_attention_rotary},
    {"layers-batch-norm-batches", layers_batch_norm_batches, sizeof layers_batch_norm_batches},
    {"layers-convolutions", layers_convolutions, sizeof layers_convolutions},
    {"layers-dropout", layers_dropout, sizeof layers_dropout},
    {"layers-embedding", layers_embedding, sizeof layers_embedding},
    {"layers-evaluation-batches", layers_evaluation_batches, sizeof layers_evaluation_batches},
    {"layers-group-norm", layers_group_norm, sizeof layers_group_norm},
    {"layers-groups", layers_groups, sizeof layers_groups},
    {"layers-gru", layers_gru, sizeof layers_gru},
    {"layers-lstm", layers_lstm, sizeof layers_lstm},
    {"layers-residual", layers_residual, sizeof layers_residual},
    {"layers-running-statistics", layers_running_statistics, sizeof layers_running_statistics},
    {"layers-transformer", layers_transformer, sizeof layers_transformer},
    {"mlp-adabelief", mlp_adabelief, sizeof mlp_adabelief},
    {"mlp-adagrad", mlp_adagrad, sizeof mlp_adagrad},
    {"mlp-adagrad-clip-row", mlp_adagrad_clip_row, sizeof mlp_adagrad_clip_row},
    {"mlp-adam", mlp_adam, sizeof mlp_adam},
    {"mlp-adamw", mlp_adamw, sizeof mlp_adamw},
    {"mlp-clip-global-norm", mlp_clip_global_norm, sizeof mlp_clip_global_norm},
    {"mlp-clip-sometimes", mlp_clip_sometimes, sizeof mlp_clip_sometimes},
    {"mlp-cosine", mlp_cosine, sizeof mlp_cosine},
    {"mlp-first-order", mlp_first_order, sizeof mlp_first_order},
    {"mlp-lamb", mlp_lamb, sizeof mlp_lamb},
    {"mlp-lamb-zero-bias", mlp_lamb_zero_bias, sizeof mlp_lamb_zero_bias},
    {"mlp-lion", mlp_lion, sizeof mlp_lion},
    {"mlp-log-layer", mlp_log_layer, sizeof mlp_log_layer},
    {"mlp-long", mlp_long, sizeof mlp_long},
    {"mlp-momentum", mlp_momentum, sizeof mlp_momentum},
    {"mlp-muon", mlp_muon, sizeof mlp_muon},
    {"mlp-nadam", mlp_nadam, sizeof mlp_nadam},
    {"mlp-nesterov", mlp_nesterov, sizeof mlp_nesterov},
    {"mlp-orbit-knots", mlp_orbit_knots, sizeof mlp_orbit_knots},
    {"mlp-rmsprop", mlp_rmsprop, sizeof mlp_rmsprop},
    {"mlp-sgd-mse", mlp_sgd_mse, sizeof mlp_sgd_mse},
    {"mlp-sgd-relu", mlp_sgd_relu, sizeof mlp_sgd_relu},
    {"mlp-softplus-row", mlp_softplus_row, sizeof mlp_softplus_row},
    {"mlp-tasks", mlp_tasks, sizeof mlp_tasks},
    {"mlp-terms", mlp_terms, sizeof mlp_terms},
    {"mlp-truncated", mlp_truncated, sizeof mlp_truncated},
    {"mlp-truncated-adam", mlp_truncated_adam, sizeof mlp_truncated_adam},
    {"quadratic-sgd", quadratic_sgd, sizeof quadratic_sgd},
};

size_t metarate_golden_case_count(void) { return sizeof cases / sizeof cases[0]; }

metarate_embedded_file metarate_golden_case(size_t position) { return cases[position]; }
