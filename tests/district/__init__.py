"""示例区 | The sample district: invented factories, the files they send, and the true answers.

Nothing here imports the product: what comes out is the yardstick the product is measured with.
"""
