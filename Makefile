.PHONY: run test
run test:
	./launch $@
