// Runs the documentation's samples, so that they are compiled and do what is said of them.
try tensorSamples()
operationSamples()
try learningSamples()
try configurationSamples()
try fileSamples()
kindSamples()
print("samples: all ran")
