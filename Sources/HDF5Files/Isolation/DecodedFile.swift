/// What was read of a file, and why the rest could not be.
struct DecodedFile: Sendable, Equatable {
  var tree = HDF5Tree()
  var passedOver: [HDF5Error] = []
}
