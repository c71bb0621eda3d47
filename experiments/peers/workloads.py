"""Which inputs each workload has: nothing else, so that importing it costs no memory."""
GROUPS = {"sinusoid-1": "sinusoid", "sinusoid-5": "sinusoid", "conv4-1": "conv4",
          "conv4-5": "conv4", "long-horizon": "long-horizon", "online": "long-horizon",
          "wide": "wide", "wide-2048": "wide-2048",
          "transformer-addition": "transformer-addition", "transformer-text": "transformer-text",
          "run-sinusoid": "sinusoid", "run-digits": "long-horizon"}
