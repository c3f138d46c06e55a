as delivered
