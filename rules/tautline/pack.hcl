summary = "what tautline says about files it cannot read and about its own control comments"
locked  = true
