"""How an outlet's pieces spread over the themes, over time and over the key communes, and what the plan asks of it."""
