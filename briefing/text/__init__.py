"""Text in any language and script: decoding, parsing, measuring, shortening and wording it. No I/O."""
