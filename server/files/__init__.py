"""Files (附件): photographs and documents that show what a record says, kept under the hash of their content."""
