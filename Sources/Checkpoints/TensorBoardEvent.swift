/// A record of an event file, which TensorBoard reads: the message `Event` of
/// `tensorflow/core/util/event.proto`, as far as scalars need it.
package struct TensorBoardEvent {
  private var message = ProtocolBuffer()

  /// What an event file begins with.
  ///
  /// - Parameter time: seconds since 1970 began.
  package init(beginningAt time: Double) {
    message.put(1, time)
    message.put(3, "brain.Event:2")
  }

  /// Scalars of a step.
  ///
  /// - Parameters:
  ///   - time: seconds since 1970 began.
  ///   - scalars: numbers by their tags, in the order in which they are written. They are kept in
  ///     single precision, which every reader of scalars knows.
  package init(step: Int, at time: Double, scalars: [(tag: String, value: Double)]) {
    var summary = ProtocolBuffer()
    for scalar in scalars {
      var value = ProtocolBuffer()
      value.put(1, scalar.tag)
      value.put(2, Float(scalar.value))
      summary.put(1, value)
    }
    message.put(1, time)
    // A field that is not there is 0, and canonical messages leave it out.
    if step != 0 { message.put(2, step) }
    message.put(5, summary)
  }

  /// Its record.
  package var record: [UInt8] { TFRecord.record(message.bytes) }
}
