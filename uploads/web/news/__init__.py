"""What is told of files to other programs and by mail, and how it is worded."""
