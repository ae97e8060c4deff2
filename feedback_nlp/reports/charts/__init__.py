"""Charts as inline SVG: small functions from values to markup, without text that could run or styles of their own."""
