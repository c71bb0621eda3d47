extension Tensor {
  /// What windows over images contain: [batch, height, width, channel] becomes
  /// [batch, rows, columns, window height · window width · channel], with zeros beyond the images.
  ///
  /// A convolution is a matrix product of this; a pooling reduces it. Stops the program where the
  /// tensor is not a batch of images or is smaller than a window.
  public func patches(_ windows: Windows) -> Tensor { .apply(.patches(windows), self) }
}
