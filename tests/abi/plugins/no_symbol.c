/* no_symbol.c - a shared object that is no plugin. */
int vm_other_symbol(void);
int vm_other_symbol(void)
{
	return 0;
}
