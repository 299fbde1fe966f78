"""What users do with their accounts: begin, prove an address, get back in, change, leave."""
