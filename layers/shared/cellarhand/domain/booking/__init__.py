"""The reservation snapshot that the booking engine sends, and its guest."""
